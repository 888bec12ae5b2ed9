//! `helm completion`: scripts that know Helm's commands and flags.

use std::fmt::Write;

use plimsoll::gotmpl::Compat;

use super::commands::{Args, COMMAND as BASE, COMMANDS, Call, Command};
use super::flags::{GLOBAL, flag};
use super::pflag::{Flag, Kind};
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "completion",
    help: "completion scripts for shells",
    about: "Print a script that completes Helm's commands and flags.\n\n  \
            bash        source <(helm completion bash)\n  \
            zsh         helm completion zsh > \"${fpath[1]}/_helm\"\n  \
            fish        helm completion fish > ~/.config/fish/completions/helm.fish\n  \
            powershell  helm completion powershell | Out-String | Invoke-Expression",
    args: Args::None,
    children: &[shell("bash"), shell("fish"), shell("powershell"), shell("zsh")],
    ..BASE
};

const OWN: &[Flag] = &[flag("no-descriptions", "", Kind::Bool, "leave descriptions out")];

const fn shell(name: &'static str) -> Command {
    Command {
        name,
        help: "the script for this shell",
        flags: &[OWN],
        args: Args::None,
        run: Some(run),
        ..BASE
    }
}

fn run(call: &Call, io: &mut Io) -> Result<(), String> {
    let words = words(call.compat);
    let described = !call.parsed.bool("no-descriptions");
    let script = match call.path.as_str() {
        "completion bash" => bash(&words),
        "completion fish" => fish(&words, described),
        "completion powershell" => powershell(&words),
        _ => zsh(&words, described),
    };
    io.print(script.as_bytes());
    Ok(())
}

/// What may follow a command: `path` is empty for `helm` itself.
struct Words {
    path: String,
    commands: Vec<(&'static str, &'static str)>,
    flags: Vec<(&'static str, &'static str)>,
}

fn words(compat: Compat) -> Vec<Words> {
    let mut all = vec![of("", COMMANDS, &[], compat)];
    let mut todo: Vec<(String, &Command)> =
        COMMANDS.iter().rev().map(|command| (command.name.to_owned(), command)).collect();
    while let Some((path, command)) = todo.pop() {
        if !command.is_known(compat) {
            continue;
        }
        let children = command.children.iter().rev();
        todo.extend(children.map(|child| (format!("{path} {}", child.name), child)));
        all.push(of(&path, command.children, command.flags, compat));
    }
    all
}

fn of(
    path: &str,
    commands: &'static [Command],
    flags: &[&'static [Flag]],
    compat: Compat,
) -> Words {
    let known = commands.iter().filter(|command| command.is_known(compat));
    let own = flags.iter().flat_map(|flags| flags.iter()).chain(GLOBAL);
    let mut flags: Vec<_> = own
        .filter(|flag| flag.is_known(compat) && !flag.hidden)
        .map(|flag| (flag.name, flag.help))
        .chain([("help", "help about the command")])
        .collect();
    flags.sort_unstable();
    let commands = known.map(|command| (command.name, command.help)).collect();
    Words { path: path.to_owned(), commands, flags }
}

fn joined(words: &[(&str, &str)], prefix: &str) -> String {
    let words: Vec<String> = words.iter().map(|(word, _)| format!("{prefix}{word}")).collect();
    words.join(" ")
}

fn bash(words: &[Words]) -> String {
    let mut cases = String::new();
    for Words { path, commands, flags } in words {
        let (commands, flags) = (joined(commands, ""), joined(flags, "--"));
        writeln!(cases, "    '{path}') commands='{commands}'; flags='{flags}' ;;")
            .expect("a String takes it");
    }
    format!(
        "# completion of helm for bash\n\
         _helm_words() {{\n  case \"$1\" in\n{cases}    *) commands=''; flags='' ;;\n  esac\n}}\n\n\
         _helm() {{\n  \
           local current=\"${{COMP_WORDS[COMP_CWORD]}}\" path='' commands flags word\n  \
           _helm_words ''\n  \
           for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n    \
             if [[ \" $commands \" == *\" $word \"* ]]; then\n      \
               path=\"${{path:+$path }}$word\"\n      _helm_words \"$path\"\n    fi\n  done\n  \
           if [[ $current == -* ]]; then\n    \
             COMPREPLY=($(compgen -W \"$flags\" -- \"$current\"))\n  \
           elif [[ -n $commands ]]; then\n    \
             COMPREPLY=($(compgen -W \"$commands\" -- \"$current\"))\n  \
           else\n    COMPREPLY=($(compgen -f -- \"$current\"))\n  fi\n}}\n\
         complete -o filenames -F _helm helm\n"
    )
}

fn zsh(words: &[Words], described: bool) -> String {
    let item = |prefix: &str, word: &str, help: &str| {
        let help = if described {
            format!(":{}", help.replace(['\'', '"', ':'], ""))
        } else {
            String::new()
        };
        format!("'{prefix}{word}{help}'")
    };
    let mut cases = String::new();
    for Words { path, commands, flags } in words {
        let commands: Vec<String> =
            commands.iter().map(|(word, help)| item("", word, help)).collect();
        let flags: Vec<String> = flags.iter().map(|(word, help)| item("--", word, help)).collect();
        let (commands, flags) = (commands.join(" "), flags.join(" "));
        writeln!(cases, "    '{path}') commands=({commands}); flags=({flags}) ;;")
            .expect("a String takes it");
    }
    format!(
        "#compdef helm\n# completion of helm for zsh\n\
         _helm_words() {{\n  case \"$1\" in\n{cases}    *) commands=(); flags=() ;;\n  esac\n}}\n\n\
         _helm() {{\n  \
           local -a commands flags\n  local path_of='' word\n  _helm_words ''\n  \
           for word in \"${{(@)words[2,CURRENT-1]}}\"; do\n    \
             if (( ${{commands[(I)$word(|:*)]}} )); then\n      \
               path_of=\"${{path_of:+$path_of }}$word\"\n      _helm_words \"$path_of\"\n    fi\n  done\n  \
           if [[ ${{words[CURRENT]}} == -* ]]; then\n    _describe flag flags\n  \
           elif (( $#commands )); then\n    _describe command commands\n  else\n    _files\n  fi\n}}\n\n\
         if [ \"$funcstack[1]\" = _helm ]; then _helm \"$@\"; else compdef _helm helm; fi\n"
    )
}

fn fish(words: &[Words], described: bool) -> String {
    let help = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('\'', "\\'");
        if described { format!(" -d '{text}'") } else { String::new() }
    };
    let mut out = "# completion of helm for fish\n\
        function __helm_at\n    \
            set -l given (commandline -opc | string match -v -- '-*')[2..-1]\n    \
            set -l wanted (string split -n ' ' -- $argv[1])\n    \
            test (count $given) -ge (count $wanted); or return 1\n    \
            test (count $wanted) -eq 0; and return 0\n    \
            test \"$given[1..(count $wanted)]\" = \"$wanted\"\n\
        end\n\
        function __helm_exactly\n    \
            set -l given (commandline -opc | string match -v -- '-*')[2..-1]\n    \
            test \"$given\" = \"$argv[1]\"\n\
        end\n"
        .to_owned();
    for Words { path, commands, flags } in words {
        for (command, text) in commands {
            let text = help(text);
            writeln!(out, "complete -c helm -f -n '__helm_exactly \"{path}\"' -a {command}{text}")
                .expect("a String takes it");
        }
        let global = |name: &&(&str, &str)| {
            path.is_empty() || !GLOBAL.iter().any(|flag| flag.name == name.0)
        };
        for (flag, text) in flags.iter().filter(global) {
            let text = help(text);
            writeln!(out, "complete -c helm -n '__helm_at \"{path}\"' -l {flag}{text}")
                .expect("a String takes it");
        }
    }
    out
}

fn powershell(words: &[Words]) -> String {
    let list = |words: &[(&str, &str)], prefix: &str| {
        let words: Vec<String> =
            words.iter().map(|(word, _)| format!("'{prefix}{word}'")).collect();
        words.join(", ")
    };
    let mut table = String::new();
    for Words { path, commands, flags } in words {
        let (commands, flags) = (list(commands, ""), list(flags, "--"));
        writeln!(table, "    '{path}' = @(@({commands}), @({flags}))").expect("a String takes it");
    }
    format!(
        "# completion of helm for PowerShell\n\
         $HelmWords = @{{\n{table}}}\n\n\
         Register-ArgumentCompleter -Native -CommandName helm -ScriptBlock {{\n    \
           param($word, $ast, $position)\n    \
           $path = ''\n    \
           foreach ($element in $ast.CommandElements | Select-Object -Skip 1) {{\n        \
             $next = (\"$path $element\").Trim()\n        \
             if ($element.Extent.EndOffset -lt $position -and $HelmWords.ContainsKey($next)) {{ $path = $next }}\n    \
           }}\n    \
           $kind = if ($word.StartsWith('-')) {{ 1 }} else {{ 0 }}\n    \
           $HelmWords[$path][$kind] | Where-Object {{ $_ -like \"$word*\" }} | ForEach-Object {{\n        \
             [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)\n    \
           }}\n\
         }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_learns_commands_below_commands_and_flags() {
        let words = words(Compat::Helm4);
        for script in [bash(&words), zsh(&words, true), fish(&words, true), powershell(&words)] {
            let knows = ["show values", "jsonpath", "dependency", "kube-version"]
                .iter()
                .all(|word| script.contains(word));
            assert!(knows, "{script}");
        }
    }

    #[test]
    fn hidden_flags_stay_hidden() {
        let words = words(Compat::Helm4);
        assert!(!bash(&words).contains("--stderrthreshold"));
        assert!(!fish(&words, false).contains(" -d "));
    }
}
