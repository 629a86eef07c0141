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
        let engines = if engines == "all" { "Engine::ALL" } else { "&[Engine::Chromium]" };
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
        if ["faults::", "missing::", "away::"].iter().any(|file| test.starts_with(file)) {
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

#[test]
fn long_use_leaves_as_little_as_is_told() {
    let soak = include_str!("browser/e2e/soak.rs");
    let number = |name: &str| -> f64 {
        let (_, value) = soak.split_once(&format!("const {name}: ")).unwrap();
        let value = value.split(['=', ';']).nth(1).unwrap().trim();
        value.parse().unwrap()
    };
    assert_eq!(number("ROUNDS") * number("AT_ONCE"), 200.0);
    let [heap, module] = [number("MORE_HEAP") / 1e6, number("MORE_MODULE") / 16.0];
    let told = format!(
        "two hundred elements put in and taken out, leave the page's memory within {heap} MB, its nodes within {}, its \
         listeners within {} and the module's memory within {module} MB",
        number("MORE_NODES"),
        number("MORE_LISTENERS")
    );
    assert!(TABLE.contains(&told), "{told}");
}
