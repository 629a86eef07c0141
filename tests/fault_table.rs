//! The table of faults and inputs tells what the tests do: every row has its test, every test its row.

const TABLE: &str = include_str!("../docs/FAULTS.md");
const TESTS: &str = include_str!("browser/e2e/main.rs");
const INPUTS: [(&str, &str); 2] = [
    ("hostile_links", include_str!("hostile_links.rs")),
    ("hostile_files", include_str!("hostile_files.rs")),
];

/// Engines (or the input) and test of every row.
fn rows() -> Vec<(&'static str, &'static str)> {
    let cells = |line: &'static str| line.trim_matches('|').rsplit('|').map(str::trim);
    let named = TABLE.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |"));
    let row = |line| {
        let mut cells = cells(line);
        let test = cells.next()?.trim_matches('`');
        Some((cells.next()?, test))
    };
    named.filter_map(row).collect()
}

#[test]
fn every_fault_is_caused_in_the_engines_named() {
    let mut found = 0;
    for (engines, test) in rows().into_iter().filter(|(_, test)| !test.starts_with("hostile_")) {
        let named: Vec<String> = engines.split(", ").map(|name| format!("Engine::{name}")).collect();
        let engines =
            if engines == "all" { "Engine::ALL".to_owned() } else { format!("&[{}]", named.join(", ")) };
        let row = format!("test!({engines}, {test}),");
        assert!(TESTS.contains(&row), "no test of the browsers is {row}");
        found += 1;
    }
    assert!(found > 20, "{found} rows are no table");
}

#[test]
fn every_test_of_faults_has_a_row() {
    for line in TESTS.lines().filter(|line| line.trim_start().starts_with("test!(")) {
        let test = line.rsplit(", ").next().unwrap().trim_end_matches("),");
        if ["faults::", "missing::", "trainer::", "canvases::", "away::"]
            .iter()
            .any(|file| test.starts_with(file))
        {
            assert!(TABLE.contains(&format!("`{test}`")), "{test} is not in the table");
        }
    }
}

#[test]
fn every_input_is_tried_ten_thousand_times() {
    for (file, source) in INPUTS {
        let (_, tried) = source.split_once("proptest! {").unwrap();
        assert!(tried.contains("unwrap_or(10_000)"), "{file} tries another number");
        let count = tried.matches("\n    #[test]\n").count();
        let named: Vec<_> = rows().into_iter().filter(|(_, test)| test.starts_with(file)).collect();
        assert_eq!(count, named.len(), "{file}: {named:?}");
        for (_, test) in named {
            let name = test.rsplit("::").next().unwrap();
            assert!(tried.contains(&format!("fn {name}(")), "{test} does not exist");
        }
    }
}

/// The number that a constant has in the source.
fn constant(source: &str, name: &str) -> f64 {
    let (_, rest) =
        source.split_once(&format!("const {name}: ")).unwrap_or_else(|| panic!("there is no {name}"));
    let value = rest.split_once("= ").unwrap().1.split(';').next().unwrap();
    value.trim_end_matches(" * MB").parse().unwrap_or_else(|_| panic!("{name} is {value}"))
}

#[test]
fn the_bounds_of_long_use_and_of_memory_are_those_of_the_tests() {
    let soak = include_str!("browser/e2e/soak.rs");
    let memory = include_str!("memory.rs");
    let suite = include_str!("browser/src/suite.rs");
    for (words, is) in [
        ("memory within {} MB", constant(soak, "MORE_HEAP") / 1e6),
        ("nodes within {},", constant(soak, "MORE_NODES")),
        ("listeners within {},", constant(soak, "MORE_LISTENERS")),
        ("within {} pages of 64 kB", constant(soak, "MORE_MODULE")),
        ("{} elements", constant(soak, "ROUNDS") * constant(soak, "AT_ONCE")),
        ("read within {} MB", constant(memory, "LINK")),
        ("a table within {} times", constant(memory, "TABLE_TIMES")),
        ("images within {} times", constant(memory, "IMAGES_TIMES")),
        ("a message within {} MB", constant(memory, "MESSAGE")),
        ("MB and {} times its length", constant(memory, "MESSAGE_TIMES")),
        ("measured within {} MB", constant(memory, "RUN")),
        ("than {} steps by itself", constant(include_str!("../src/lab/link.rs"), "MOST_STEPS")),
    ] {
        let words = words.replace("{}", &is.to_string());
        assert!(TABLE.contains(&words), "the table does not say “{words}”");
    }
    assert!(suite.contains("unwrap_or(60)") && TABLE.contains("60 seconds of runs"));
    for line in TESTS.lines().filter(|line| line.contains(", soak::")) {
        let test = line.rsplit(", ").next().unwrap().trim_end_matches("),");
        assert!(TABLE.contains(&format!("`{test}`")), "{test} is not in the table");
    }
}

#[test]
fn the_policy_of_the_test_is_the_one_the_readme_names() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, policy) = include_str!("browser/e2e/missing.rs").split_once("const POLICY: &str = \"").unwrap();
    let policy = words(&policy.split_once("\";").unwrap().0.replace("\\\n", ""));
    assert!(policy.starts_with("default-src 'none'") && policy.ends_with("connect-src 'self'"), "{policy}");
    assert!(words(include_str!("../README.md")).contains(&policy), "the README does not name {policy}");
}
