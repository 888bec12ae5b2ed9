//! From rendered files to a release's documents, and what `helm template` prints of them.

mod documents;
mod head;
mod hook;
mod names;
mod namespace;
mod order;
mod print;
mod rendered;
pub(crate) mod space;
mod split;
mod stack;
mod template;

pub use hook::{HookEvent, hook_events};
pub use names::check_release_name;
pub use namespace::kubeconfig_namespace;
pub use order::sort_by_kind;
pub use print::{Outside, PrintOptions, print};
pub use rendered::{Crd, Hook, Manifest, Rendered, RenderedText};
pub use split::split;
pub use stack::on_large_stack;
pub use template::{TemplateError, TemplateOptions, template, template_again};
