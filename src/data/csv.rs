//! The reader's table: rows of numbers, the last column the class.
//!
//! Takes commas, semicolons or tabs, quoted cells, any line ends, a byte order mark, blank rows, and a header or
//! none. A row is what a spreadsheet numbers as one: the header, blank rows and quoted line breaks count alike.
//! No missing values, no dates, no text as features: a cell that is not a number is named, not guessed at.

mod records;

use std::borrow::Cow;
use std::ops::Range;

use super::complaint::{Complaint, Line, Place, shortened};
use super::own::{Form, MOST_CLASSES, Own};
use records::{Cell, Record, Records, delimiter, is_blank};

/// At most so many columns of features, the class not counted.
pub const MOST_COLUMNS: usize = 64;
/// At most so many bytes.
pub const MOST_BYTES: usize = 4 << 20;
/// At most so many lines: more could not be read within a frame.
pub const MOST_LINES: usize = 50_000;
/// At most this large, so that squares and sums stay finite.
const LARGEST: f64 = 1e30;
/// Letters of a cell in a sentence, and on either side of it in a row shown.
const SHOWN: usize = 24;

/// Reads a table.
///
/// ```
/// use batchnorm_playground::data::csv;
///
/// let rows = (0..40).map(|i| format!("{i};0,5;{}\n", if i < 20 { "low" } else { "high" }));
/// let own = csv::parse(("length;width;class\n".to_owned() + &rows.collect::<String>()).as_bytes()).expect("a table");
/// assert_eq!(own.classes(), ["high", "low"]);
/// let data = own.dataset(1);
/// assert_eq!((data.features, data.train.len() + data.test.len()), (2, 40));
///
/// let complaint = csv::parse(b"x,class\n1,a\n2,b\nmany,a\n").expect_err("a word among numbers");
/// assert!(complaint.sentence.starts_with("Row 4, column 1: "), "{}", complaint.sentence);
/// ```
///
/// # Errors
/// One sentence that names the row and column and shows the text, with the rows around it.
pub fn parse(bytes: &[u8]) -> Result<Own, Complaint> {
    let text = text(bytes)?;
    let delimiter = delimiter(text);
    let mut table = Table::default();
    let mut cells = Vec::new();
    let mut records = Records::new(text, delimiter);
    while let Some(record) = records.next(&mut cells) {
        if record.row > MOST_LINES {
            return Err(Complaint::new(format!(
                "The table has more than {MOST_LINES} lines; that is the most that can be read."
            )));
        }
        table.add(&record, &cells).map_err(|fault| fault.shown_in(text, delimiter))?;
    }
    table.finish()
}

/// A fault of one row, not yet with the rows around it.
struct Fault {
    sentence: String,
    row: usize,
    /// From 0.
    column: Option<usize>,
}

impl Fault {
    /// About a whole row.
    fn row(row: usize, sentence: String) -> Self {
        Self { sentence, row, column: None }
    }

    /// About one cell; `rest` follows the place.
    fn cell(row: usize, column: usize, rest: &str) -> Self {
        let sentence = format!("Row {row}, column {}: {rest}", column + 1);
        Self { sentence, row, column: Some(column) }
    }

    fn shown_in(self, text: &str, delimiter: u8) -> Complaint {
        let mut around = Vec::new();
        let mut records = Records::new(text, delimiter);
        let mut cells = Vec::new();
        while let Some(record) = records.next(&mut cells) {
            if record.row > self.row + 1 {
                break;
            }
            if record.row + 1 >= self.row {
                let marked = if record.row == self.row { self.column } else { None };
                let bad = marked.and_then(|column| cells.get(column)).map(|cell| cell.span.clone());
                around.push(line(text, &record, bad));
            }
        }
        let place = Place { row: self.row, column: self.column.map(|column| column + 1), around };
        Complaint { sentence: self.sentence, place: Some(place) }
    }
}

fn line(text: &str, record: &Record, bad: Option<Range<usize>>) -> Line {
    let Some(bad) = bad else {
        let before = flat(&text[record.span.clone()], 3 * SHOWN);
        return Line { row: record.row, before, bad: String::new(), after: String::new() };
    };
    let before = &text[record.span.start..bad.start];
    let before = match before.char_indices().rev().nth(SHOWN) {
        Some((at, letter)) => format!("…{}", flat(&before[at + letter.len_utf8()..], SHOWN)),
        None => flat(before, SHOWN),
    };
    let after = flat(&text[bad.end..record.span.end], SHOWN);
    let bad = flat(&text[bad], SHOWN);
    let bad = if bad.trim().is_empty() { "(empty)".to_owned() } else { bad };
    Line { row: record.row, before, bad, after }
}

/// On one line, with nothing that steers a screen, cut after so many letters.
fn flat(text: &str, most: usize) -> String {
    shortened(text, most).chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// The text of a file, without its byte order mark.
fn text(bytes: &[u8]) -> Result<&str, Complaint> {
    if bytes.len() > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Err(Complaint::new(format!(
            "The table has more than {most} MB; that is the most that can be read."
        )));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Complaint::new("The table is in UTF-16; save it as UTF-8."));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(Complaint::new(format!("This is not a table: byte {at} is 0, which is no text.")));
    }
    core::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let row = last_row(&format!("{}?", String::from_utf8_lossy(&bytes[..at])));
        let byte = bytes.get(at).copied().unwrap_or(0);
        Complaint::new(format!("Row {row}: byte 0x{byte:02X} is not UTF-8 text; save the table as UTF-8."))
    })
}

/// The number of a text's last row.
fn last_row(text: &str) -> usize {
    let (mut records, mut cells) = (Records::new(text, records::delimiter(text)), Vec::new());
    let rows = core::iter::from_fn(|| records.next(&mut cells).map(|record| record.row));
    rows.last().unwrap_or(1)
}

/// The table as read so far.
#[derive(Default)]
struct Table {
    /// Columns, the class counted, and the row that says so.
    columns: Option<(usize, usize)>,
    numbers: Vec<f64>,
    /// Name of each class, in the order met.
    classes: Vec<String>,
    labels: Vec<u8>,
}

impl Table {
    fn add(&mut self, record: &Record, cells: &[Cell<'_>]) -> Result<(), Fault> {
        let row = record.row;
        if let Some(column) = record.open {
            return Err(Fault::cell(row, column, "the quote that opens here is never closed."));
        }
        if is_blank(cells) {
            return Ok(());
        }
        let count = cells.len();
        let Some((columns, first)) = self.columns else {
            return self.begin(row, cells);
        };
        if count != columns {
            let has = words(count.min(MOST_COLUMNS + 2), "column");
            return Err(Fault::row(row, format!("Row {row} has {has}; row {first} has {columns}.")));
        }
        self.example(row, cells)
    }

    /// The first row that is not blank says how many columns there are, and may be a header.
    fn begin(&mut self, row: usize, cells: &[Cell<'_>]) -> Result<(), Fault> {
        let count = cells.len();
        if count < 2 {
            let sentence = format!(
                "Row {row} has one column; a table needs at least two, the last of them the class, with a comma, a \
                 semicolon or a tab between them."
            );
            return Err(Fault::row(row, sentence));
        }
        if count > MOST_COLUMNS + 1 {
            let sentence = format!(
                "Row {row} has more than {MOST_COLUMNS} columns before the class; that is the most there may be."
            );
            return Err(Fault::row(row, sentence));
        }
        self.columns = Some((count, row));
        let is_header = cells[..count - 1].iter().all(|cell| number(&cell.text).is_none());
        if is_header {
            return Ok(());
        }
        self.example(row, cells)
    }

    fn example(&mut self, row: usize, cells: &[Cell<'_>]) -> Result<(), Fault> {
        let Some((class, features)) = cells.split_last() else { return Ok(()) };
        for (column, cell) in features.iter().enumerate() {
            let text = cell.text.trim();
            let shown = || flat(text, SHOWN);
            match number(text) {
                Some(value) if value.abs() <= LARGEST => self.numbers.push(value),
                Some(_) => {
                    let rest = format!("“{}” is too large; numbers up to {LARGEST:e} can be used.", shown());
                    return Err(Fault::cell(row, column, &rest));
                }
                None if text.is_empty() => {
                    return Err(Fault::cell(row, column, "a number is missing."));
                }
                None => return Err(Fault::cell(row, column, &format!("“{}” is not a number.", shown()))),
            }
        }
        let name = class.text.trim();
        if name.is_empty() {
            return Err(Fault::cell(row, features.len(), "the class is missing."));
        }
        let known = self.classes.iter().position(|class| class == name);
        if known.is_none() && self.classes.len() == MOST_CLASSES {
            let shown = flat(name, SHOWN);
            let rest = format!(
                "“{shown}” would be class number {}; at most {MOST_CLASSES} can be told apart. The last column is \
                 taken as the class.",
                MOST_CLASSES + 1
            );
            return Err(Fault::cell(row, features.len(), &rest));
        }
        let label = known.unwrap_or_else(|| {
            self.classes.push(name.to_owned());
            self.classes.len() - 1
        });
        self.labels.push(label as u8);
        Ok(())
    }

    fn finish(self) -> Result<Own, Complaint> {
        let Some((columns, _)) = self.columns else {
            return Err(Complaint::new("The table is empty."));
        };
        let (classes, labels) = sorted(self.classes, &self.labels);
        Own::from_numbers(Form::Table, columns - 1, self.numbers, classes, labels)
    }
}

/// Classes in order, numbers by size and before text, so that the order of the rows does not number them.
fn sorted(classes: Vec<String>, labels: &[u8]) -> (Vec<String>, Vec<u8>) {
    let mut order: Vec<usize> = (0..classes.len()).collect();
    let key = |i: usize| (number(&classes[i]).unwrap_or(f64::INFINITY), classes[i].as_str());
    order.sort_by(|&a, &b| {
        let (a, b) = (key(a), key(b));
        a.0.total_cmp(&b.0).then(a.1.cmp(b.1))
    });
    let place = |label: u8| order.iter().position(|&i| i == usize::from(label)).unwrap_or(0) as u8;
    let labels = labels.iter().map(|&label| place(label)).collect();
    (order.iter().map(|&i| flat(&classes[i], SHOWN)).collect(), labels)
}

/// A finite number, with a point or, where that leaves no doubt, a comma for the decimals.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    // Rust also reads "inf", "nan" and "infinity": words, for us.
    if text.bytes().any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E')) {
        return None;
    }
    let point = if text.contains('.') { Cow::Borrowed(text) } else { Cow::Owned(text.replacen(',', ".", 1)) };
    point.parse::<f64>().ok().filter(|value| !value.is_nan())
}

fn words(count: usize, thing: &str) -> String {
    if count == 1 { format!("one {thing}") } else { format!("{count} {thing}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve rows of two numbers and a class, joined by `delimiter`, ended by `end`.
    fn rows(delimiter: &str, end: &str) -> String {
        (0..12).map(|i| format!("{i}.5{delimiter}-{i}{delimiter}{}{end}", ["a", "b"][i % 2])).collect()
    }

    fn complaint(text: &str) -> Complaint {
        parse(text.as_bytes()).expect_err(text)
    }

    #[test]
    fn every_way_of_writing_the_same_table_reads_the_same() {
        let plain = parse(rows(",", "\n").as_bytes()).unwrap();
        assert_eq!(
            (plain.examples(), plain.features(), plain.classes()),
            (12, 2, &["a".to_owned(), "b".to_owned()][..])
        );
        let quoted: String =
            rows(",", "\n").lines().map(|l| format!("\"{}\"\n", l.replace(',', "\",\""))).collect();
        for other in [
            rows(";", "\n"),
            rows("\t", "\n"),
            rows(",", "\r\n"),
            rows(",", "\r"),
            rows(" , ", "\n"),
            rows(",", "\n\n"),
            rows(";", "\n").replace('.', ","),
            format!("\u{feff}{}", rows(",", "\n")),
            format!("\n\nheight,\"wi\"\"dth, m\",class\n{}", rows(",", "\n")),
            rows(",", "\n").trim_end().to_owned(),
            quoted,
        ] {
            assert_eq!(parse(other.as_bytes()), Ok(plain.clone()), "{other}");
        }
    }

    #[test]
    fn a_cell_that_is_no_number_is_named_and_shown_with_its_neighbours() {
        let mut lines: Vec<String> = (0..30).map(|i| format!("4.{i}, 3.0, 1.4, {}", i % 2)).collect();
        lines[16] = "4.9, 3.0, x, 0".to_owned();
        let found = complaint(&lines.join("\n"));
        assert_eq!(found.sentence, "Row 17, column 3: “x” is not a number.");
        let place = found.clone().place.unwrap();
        assert_eq!((place.row, place.column), (17, Some(3)));
        assert_eq!(place.around.iter().map(|line| line.row).collect::<Vec<_>>(), [16, 17, 18]);
        let Line { before, bad, after, .. } = &place.around[1];
        assert_eq!((before.as_str(), bad.trim(), after.as_str()), ("4.9, 3.0,", "x", ", 0"));
        assert_eq!(place.around[2].before, lines[17]);
        let named = found.of("seeds.csv").sentence;
        assert_eq!(named, "seeds.csv, row 17, column 3: “x” is not a number.");
    }

    #[test]
    fn each_fault_has_its_sentence() {
        let good = rows(",", "\n");
        let wide = |columns: usize| format!("{}a\n{}b\n", "1,".repeat(columns), "2,".repeat(columns));
        for (text, sentence) in [
            (String::new(), "The table is empty."),
            ("\n \n,,\n".into(), "The table is empty."),
            ("1\n2\n".into(), "Row 1 has one column; a table needs at least two"),
            (format!("{good}7,8\n"), "Row 13 has 2 columns; row 1 has 3."),
            (format!("{good}7,,b\n"), "Row 13, column 2: a number is missing."),
            (format!("{good}7,8,\n"), "Row 13, column 3: the class is missing."),
            (format!("{good}7,nan,b\n"), "Row 13, column 2: “nan” is not a number."),
            (format!("{good}7,inf,b\n"), "Row 13, column 2: “inf” is not a number."),
            (format!("{good}1e400,8,b\n"), "Row 13, column 1: “1e400” is too large; numbers up to 1e30"),
            (format!("{good}7,\"8,b\n"), "Row 13, column 2: the quote that opens here is never closed."),
            (
                rows(",", "\n").replace('b', "a"),
                "All 12 rows have the class “a”; there is nothing to tell apart.",
            ),
            ("1,2,a\n3,4,b\n".into(), "There are 2 rows; at least 12 are needed to train and to test."),
            (wide(65), "Row 1 has more than 64 columns before the class"),
            (good.repeat(200) + "7,8\n", "Row 2401 has 2 columns; row 1 has 3."),
            (good.repeat(MOST_LINES / 12 + 1), "The table has more than 50000 lines;"),
            (
                (0..20).map(|i| format!("1,2,{i}\n")).collect(),
                "Row 11, column 3: “10” would be class number 11; at most 10 can be told apart.",
            ),
        ] {
            assert!(complaint(&text).sentence.starts_with(sentence), "{}", complaint(&text).sentence);
        }
        assert!(parse(wide(64).repeat(6).as_bytes()).is_ok());
        let long = parse(good.repeat(200).as_bytes()).unwrap();
        assert_eq!((long.examples(), long.features(), long.classes().len()), (2400, 2, 2));
    }

    #[test]
    fn what_is_no_text_is_said_so() {
        let sentence = |bytes: &[u8]| parse(bytes).unwrap_err().sentence;
        assert!(sentence(b"PK\x03\x04\0\0").contains("byte 4 is 0"));
        assert!(sentence(b"1,2,a\n3,4,\xe9\n").contains("Row 2: byte 0xE9 is not UTF-8"));
        // Rows as they are counted elsewhere: some end with a carriage return alone, and quotes hold a line's end.
        assert!(sentence(b"1,2,a\r3,4,b\r5,6,\xe9\r").contains("Row 3: byte 0xE9"));
        assert!(sentence(b"1,2,\"a\nb\"\n\"3\",\xe9").contains("Row 2: byte 0xE9"));
        assert!(sentence(b"\xe9").contains("Row 1: byte 0xE9"));
        assert!(sentence(b"\xff\xfe1\0").contains("UTF-16"));
        assert!(sentence(&vec![b'1'; MOST_BYTES + 1]).contains("more than 4 MB"));
    }

    #[test]
    fn the_classes_are_numbered_by_their_names_not_by_the_order_of_rows() {
        let text: String = (0..24).map(|i| format!("{i},{}\n", ["10", "9", "b", "a"][i % 4])).collect();
        assert_eq!(parse(text.as_bytes()).unwrap().classes(), ["9", "10", "a", "b"]);
    }

    #[test]
    fn a_long_cell_is_cut_in_sentence_and_row() {
        let long = "9".repeat(500) + "z";
        let found = complaint(&format!("1,2,a\n{long},{long},{long}\n"));
        assert!(found.sentence.chars().count() < 80, "{}", found.sentence);
        let place = found.place.unwrap();
        assert!(place.around.iter().all(|l| (l.before.len() + l.bad.len() + l.after.len()) < 200));
    }
}
