use std::time::Duration;

use super::runner::Cost;

/// The cases raced so far, Helm's cost first.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<(String, [Cost; 2])>,
}

impl Table {
    pub(crate) fn add(&mut self, id: &str, costs: [Cost; 2]) {
        self.rows.push((id.to_owned(), costs));
    }

    /// A line a case, slowest ratio first, then what the whole corpus gives.
    #[expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]
    pub(crate) fn print(&mut self) {
        self.rows.sort_by(|a, b| wall(&a.1).total_cmp(&wall(&b.1)));
        println!("  wall x    cpu x  mem x   helm ms   ours ms   ours MiB  case");
        for (id, costs) in &self.rows {
            let [helm, ours] = costs;
            println!(
                "{:>8.1} {:>8.1} {:>6.1} {:>9.1} {:>9.1} {:>10.1}  {id}",
                wall(costs),
                cpu(costs),
                memory(costs),
                ms(helm.wall),
                ms(ours.wall),
                ours.memory as f64 / f64::from(1 << 20),
            );
        }
        for (name, ratio) in [("wall", wall as Ratio), ("cpu", cpu), ("memory", memory)] {
            let mut all: Vec<f64> = self.rows.iter().map(|(_, costs)| ratio(costs)).collect();
            all.sort_by(f64::total_cmp);
            println!(
                "{name}: median {:.1}x, p10 {:.1}x, worst {:.1}x over {} cases",
                all[all.len() / 2],
                all[all.len() / 10],
                all[0],
                all.len()
            );
        }
    }
}

type Ratio = fn(&[Cost; 2]) -> f64;

fn wall([helm, ours]: &[Cost; 2]) -> f64 {
    helm.wall.as_secs_f64() / ours.wall.as_secs_f64()
}

fn cpu([helm, ours]: &[Cost; 2]) -> f64 {
    helm.cpu.as_secs_f64() / ours.cpu.as_secs_f64().max(1e-5)
}

fn memory([helm, ours]: &[Cost; 2]) -> f64 {
    helm.memory as f64 / ours.memory.max(1) as f64
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
