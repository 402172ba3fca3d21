//! What the person asked for.
//!
//! In: words from the command line. Out: a request, or a sentence about the word that makes no sense.
//! Must not do anything.

use crate::build::Flavour;
use crate::fuzz::Fuzzing;
use crate::setup::Purpose;

pub(crate) const USAGE: &str = "\
Usage: cargo xtask COMMAND

  setup [--for run|test|bench]    install what is missing; quick when nothing is
  build [--release]               the web app, and the server with the app inside it
  run   [--port N] [--fresh] [--dev]
                                  the demo shop; --fresh starts it anew, --dev skips optimising the app
  test  [NAME...] [-- ARGS]       every stage, or only those named; ARGS go to the one stage named
  bench [NAME...] [--corpus DIR]  every measurement, or only those named; DIR has the pictures for `decode`
  hunt  NAME [--times N]          one hunt, N times: `kill` kills the browser, `server-kill` the server,
                                  `requests` sends the server a million of them, or N;
                                  `tampering` changes the record a hundred thousand times, or N;
                                  `pictures` shows the reader ten thousand pictures without a code, or N
  hunt  fuzz [TARGET] [--minutes N] [--keep]
                                  inputs made up for every reader of bytes, ten minutes each or N;
                                  --keep adds those that reach something new to the ones tests replay
  simulate [--seeds A..B | --seed N] [--world small|large]
                                  whole shops with every fault there is, by seed; one seed tells its story
  simulate --mutants [--seeds A..B] | --mutant NAME --seed N | --mutant NAME --seeds A..B
                                  breaks made by hand, each of which the simulator must find";

pub(crate) const PORT: u16 = 8765;
/// For each target, when nobody says otherwise.
const FUZZ_MINUTES: u32 = 10;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Help,
    Setup {
        purpose: Purpose,
    },
    Build {
        flavour: Flavour,
    },
    Run {
        port: u16,
        fresh: bool,
        flavour: Flavour,
    },
    Test {
        names: Vec<String>,
        extra: Vec<String>,
    },
    Bench {
        names: Vec<String>,
        corpus: Option<String>,
    },
    Hunt {
        name: String,
        times: Option<u32>,
    },
    Fuzz(Fuzzing),
    Simulate {
        words: Vec<String>,
    },
}

pub(crate) fn parse(words: &[String]) -> Result<Request, String> {
    let Some((command, rest)) = words.split_first() else {
        return Ok(Request::Help);
    };
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Request::Help),
        "setup" => parse_setup(rest),
        "build" => match rest {
            [] => Ok(Request::Build {
                flavour: Flavour::Dev,
            }),
            [flag] if flag == "--release" => Ok(Request::Build {
                flavour: Flavour::Release,
            }),
            [other, ..] => Err(unknown("build", other)),
        },
        "run" => parse_run(rest),
        "test" => parse_test(rest),
        "bench" => parse_bench(rest),
        "hunt" => parse_hunt(rest),
        "simulate" => parse_simulate(rest),
        other => Err(format!("there is no command `{other}`")),
    }
}

fn parse_bench(rest: &[String]) -> Result<Request, String> {
    let flag = rest.iter().position(|word| word == "--corpus");
    let (named, corpus) = match flag.map(|at| (&rest[..at], &rest[at + 1..])) {
        None => (rest, None),
        Some((named, [folder])) => (named, Some(folder.clone())),
        Some(_) => return Err("--corpus is followed by a folder, and nothing else".to_owned()),
    };
    Ok(Request::Bench {
        names: names(named, "bench")?,
        corpus,
    })
}

fn parse_setup(rest: &[String]) -> Result<Request, String> {
    let purpose = match rest {
        [] => Purpose::Test,
        [flag, purpose] if flag == "--for" => match purpose.as_str() {
            "run" => Purpose::Run,
            "test" => Purpose::Test,
            "bench" => Purpose::Bench,
            other => return Err(format!("set-up is for run, test or bench, not `{other}`")),
        },
        [other, ..] => return Err(unknown("setup", other)),
    };
    Ok(Request::Setup { purpose })
}

fn parse_run(rest: &[String]) -> Result<Request, String> {
    let (mut port, mut fresh, mut flavour) = (PORT, false, Flavour::Release);
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--fresh" => fresh = true,
            "--dev" => flavour = Flavour::Dev,
            "--port" => port = number("--port", words.next())?,
            other => return Err(unknown("run", other)),
        }
    }
    Ok(Request::Run {
        port,
        fresh,
        flavour,
    })
}

fn parse_test(rest: &[String]) -> Result<Request, String> {
    let (before, after) = match rest.iter().position(|word| word == "--") {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &[][..]),
    };
    let names = names(before, "test")?;
    if !after.is_empty() && names.len() != 1 {
        return Err("words after `--` go to one stage: name exactly one".to_owned());
    }
    Ok(Request::Test {
        names,
        extra: after.to_vec(),
    })
}

fn parse_hunt(rest: &[String]) -> Result<Request, String> {
    match rest {
        [name, rest @ ..] if name == "fuzz" => parse_fuzz(rest),
        [name] if !name.starts_with('-') => Ok(Request::Hunt {
            name: name.clone(),
            times: None,
        }),
        [name, flag, times] if !name.starts_with('-') && flag == "--times" => {
            let times = number("--times", Some(times))?;
            Ok(Request::Hunt {
                name: name.clone(),
                times: Some(times),
            })
        }
        [] => Err("which hunt?".to_owned()),
        [_, other, ..] | [other] => Err(unknown("hunt", other)),
    }
}

fn parse_fuzz(rest: &[String]) -> Result<Request, String> {
    let mut fuzzing = Fuzzing {
        target: None,
        minutes: FUZZ_MINUTES,
        keep: false,
    };
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--minutes" => fuzzing.minutes = number("--minutes", words.next())?,
            "--keep" => fuzzing.keep = true,
            name if !name.starts_with('-') && fuzzing.target.is_none() => {
                fuzzing.target = Some(name.to_owned());
            }
            other => return Err(unknown("hunt fuzz", other)),
        }
    }
    Ok(Request::Fuzz(fuzzing))
}

/// The simulator's own words, looked at before anything is built for them.
fn parse_simulate(rest: &[String]) -> Result<Request, String> {
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--mutants" => {}
            "--seed" => {
                number::<u64>(word, words.next())?;
            }
            "--seeds" => {
                let range = words.next().and_then(|range| range.split_once(".."));
                let bounds = range.map(|(from, to)| (from.parse::<u64>(), to.parse::<u64>()));
                if !matches!(bounds, Some((Ok(_), Ok(_)))) {
                    return Err("--seeds wants two numbers, such as 0..2000".to_owned());
                }
            }
            "--world" => match words.next().map(String::as_str) {
                Some("small" | "large") => {}
                Some(_) | None => return Err("a world is small or large".to_owned()),
            },
            "--mutant" => {
                words.next().ok_or("which mutant?")?;
            }
            other => return Err(unknown("simulate", other)),
        }
    }
    Ok(Request::Simulate {
        words: rest.to_vec(),
    })
}

fn names(words: &[String], command: &str) -> Result<Vec<String>, String> {
    match words.iter().find(|word| word.starts_with('-')) {
        Some(flag) => Err(unknown(command, flag)),
        None => Ok(words.to_vec()),
    }
}

fn number<N: std::str::FromStr>(flag: &str, word: Option<&String>) -> Result<N, String> {
    let word = word.ok_or_else(|| format!("{flag} wants a number"))?;
    word.parse()
        .map_err(|_| format!("{flag} wants a number, not `{word}`"))
}

fn unknown(command: &str, word: &str) -> String {
    format!("`{command}` does not understand `{word}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(line: &str) -> Result<Request, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn running_without_words_opens_the_optimised_demo_on_the_usual_port() {
        let expected = Request::Run {
            port: PORT,
            fresh: false,
            flavour: Flavour::Release,
        };
        assert_eq!(ask("run"), Ok(expected));
    }

    #[test]
    fn a_port_that_is_no_port_is_refused_by_name() {
        assert_eq!(
            ask("run --port 70000"),
            Err("--port wants a number, not `70000`".to_owned())
        );
    }

    #[test]
    fn words_after_the_dashes_reach_exactly_one_stage() {
        let expected = Request::Test {
            names: vec!["e2e".into()],
            extra: vec!["--grep=x".into()],
        };
        assert_eq!(ask("test e2e -- --grep=x"), Ok(expected));
        assert!(ask("test -- --grep=x").is_err());
    }

    #[test]
    fn a_hunt_can_be_repeated() {
        let expected = Request::Hunt {
            name: "kill".into(),
            times: Some(40),
        };
        assert_eq!(ask("hunt kill --times 40"), Ok(expected));
        assert!(ask("hunt").is_err());
    }

    #[test]
    fn a_fuzzer_is_told_what_for_how_long_and_whether_to_keep_what_it_finds() {
        let fuzzing = |target: Option<&str>, minutes, keep| {
            Ok(Request::Fuzz(Fuzzing {
                target: target.map(str::to_owned),
                minutes,
                keep,
            }))
        };
        assert_eq!(ask("hunt fuzz"), fuzzing(None, FUZZ_MINUTES, false));
        let asked = ask("hunt fuzz codes --minutes 3 --keep");
        assert_eq!(asked, fuzzing(Some("codes"), 3, true));
        assert!(ask("hunt fuzz codes facts").is_err());
        assert!(ask("hunt fuzz --times 3").is_err());
    }

    #[test]
    fn the_simulators_words_reach_it_unless_they_make_no_sense() {
        for line in [
            "simulate",
            "simulate --seeds 5..9 --world large",
            "simulate --mutants",
            "simulate --mutant own_keeps_no_places --seed 7",
        ] {
            let words: Vec<String> = line.split(' ').skip(1).map(str::to_owned).collect();
            assert_eq!(ask(line), Ok(Request::Simulate { words }));
        }
        for line in [
            "simulate --seeds 5",
            "simulate --seed x",
            "simulate --world huge",
            "simulate --fast",
        ] {
            assert!(ask(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_pictures_for_a_bench_may_lie_anywhere() {
        let bench = |names: &[&str], corpus: Option<&str>| {
            Ok(Request::Bench {
                names: names.iter().map(|&name| name.to_owned()).collect(),
                corpus: corpus.map(str::to_owned),
            })
        };
        assert_eq!(ask("bench"), bench(&[], None));
        assert_eq!(
            ask("bench decode --corpus ../tags"),
            bench(&["decode"], Some("../tags"))
        );
        assert!(ask("bench decode --corpus").is_err());
        assert!(ask("bench --corpus a b").is_err());
    }

    #[test]
    fn a_misspelt_flag_is_never_taken_for_a_name() {
        assert!(ask("bench --fast").is_err());
        assert!(ask("test --fast").is_err());
    }
}
