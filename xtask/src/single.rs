//! The site in one file: lab and embed with everything they need inside, for a double click, a sandbox, or a frame that
//! has no address. What becomes of the parts when it is opened is `www/single.js`.

use std::io::Write as _;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::NAME as MODULE;
use crate::site::{Files, text};

/// The file's name.
pub(crate) const NAME: &str = "batchnorm-playground.html";

/// What a content security policy has to allow the file.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:; \
     connect-src blob:; style-src 'unsafe-inline'; img-src data: blob:; frame-src 'self'";

/// The file, of the site's files alone.
pub(crate) fn page(files: &Files) -> Result<Vec<u8>> {
    let lab = text(files, "index.html")?;
    let (head, body) = lab.split_once("</head>").context("index.html has no head")?;
    let (class, embed) = body_of(text(files, "embed.html")?).context("embed.html has no body")?;
    let (head, body) = (without_files(&pictured(head, files)), own(&pictured(body, files))?);
    let embed = own(&pictured(embed, files))?;
    for html in [&head, &body, &embed] {
        let named = files.keys().find(|path| html.contains(&format!("=\"{path}")));
        ensure!(named.is_none(), "{NAME} would need {}, which is a file of its own", named.unwrap_or(html));
    }
    let (doctype, head) = head.split_once('\n').context("index.html is one line")?;
    let (style, script) = (style(files)?, script(files)?);
    let module = packed(files, &format!("pkg/{MODULE}_bg.wasm"))?;
    let digits = packed(files, "www/digits.bin")?;
    let page = format!(
        "{doctype}\n{}{head}<style>\n{style}</style>\n\
         <template id=\"file-embed\"{class}>{embed}</template>\n\
         <script type=\"text/plain\" id=\"file-module\">{module}</script>\n\
         <script type=\"text/plain\" id=\"file-digits\">{digits}</script>\n\
         <script type=\"module\" id=\"file-script\">\n{script}</script>\n\
         </head>{body}",
        comment()
    );
    Ok(page.into_bytes())
}

/// For whoever opens the file as text. Short: the encoding has to be named in the first 1024 bytes.
fn comment() -> String {
    format!(
        "<!--\nBatchNorm Playground in one file, under MIT or Apache-2.0. It asks nothing of any other.\n\
         It shows the lab, or one experiment if the address names it: {NAME}#v=1&exp=lr\n\
         The srcdoc of a frame has no address: there this goes before the first line:\n\
         <meta name=\"batchnorm-playground\" content=\"v=1&amp;exp=lr\">\n\
         A content security policy (for a srcdoc, that of the page around it) has to allow:\n{POLICY}\n-->\n"
    )
}

/// The attributes of a page's body, and what is in it.
fn body_of(page: &str) -> Option<(&str, &str)> {
    let (_, body) = page.split_once("<body")?;
    body.split_once("</body>")?.0.split_once('>')
}

/// The head without the lines that load something.
fn without_files(head: &str) -> String {
    let loads = ["<link rel=\"preload\"", "<link rel=\"stylesheet\"", "<script src="];
    let keeps = |line: &&str| !loads.iter().any(|start| line.starts_with(start));
    head.split_inclusive('\n').filter(keeps).collect()
}

/// The page says of itself that it is this one, and leads to its own lab.
fn own(html: &str) -> Result<String> {
    let root = "id=\"playground\"";
    ensure!(html.matches(root).count() == 1, "a page has not one element with {root}");
    Ok(html.replace(root, &format!("{root} data-file")).replace("href=\"index.html", "href=\"?lab"))
}

/// Every picture in its own place; of several to choose from the last one alone, so that the file is not all pictures.
fn pictured(html: &str, files: &Files) -> String {
    let mut parts = html.split("<source ");
    let first = parts.next().unwrap_or_default().to_owned();
    let html = parts.fold(first, |html, part| html + part.split_once('>').map_or(part, |(_, rest)| rest));
    let pictures = files.iter().filter(|(path, _)| path.ends_with(".svg"));
    pictures.fold(html, |html, (path, bytes)| {
        let named = format!("src=\"{path}\"");
        if !html.contains(&named) {
            return html;
        }
        html.replace(&named, &format!("src=\"data:image/svg+xml,{}\"", percent(bytes)))
    })
}

/// As an address in an attribute.
fn percent(bytes: &[u8]) -> String {
    let mut address = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        if (b' '..=b'~').contains(&byte) && !b"\"#%&<>".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

fn style(files: &Files) -> Result<&str> {
    let style = text(files, "www/style.css")?;
    ensure!(!style.contains("</") && !style.contains("url("), "www/style.css cannot stand in a page");
    Ok(style)
}

/// The page's script, which is the workers' too: glue, then what is the worker's or the page's.
fn script(files: &Files) -> Result<String> {
    let glue = text(files, &format!("pkg/{MODULE}.js"))?;
    let (worker, single) = (text(files, "www/worker.js")?, text(files, "www/single.js")?);
    let page = text(files, "www/page.js")?;
    let script =
        format!("{glue}\nif (typeof document === \"undefined\") {{\n{worker}}} else {{\n{single}{page}}}\n");
    Ok(harmless(&script))
}

/// The same to JavaScript, and nothing to HTML: neither the end of a script nor the beginning of a comment. Both can
/// stand in strings only.
fn harmless(script: &str) -> String {
    let mut told = String::with_capacity(script.len());
    for (place, letter) in script.char_indices() {
        told.push(letter);
        let begins = |word: &str| {
            let bytes = script.as_bytes().get(place..place + word.len());
            bytes.is_some_and(|bytes| bytes.eq_ignore_ascii_case(word.as_bytes()))
        };
        if begins("</script") || begins("<!--") {
            told.push('\\');
        }
    }
    told
}

/// A file as text: packed without its name and time, so that the same bytes give the same text.
fn packed(files: &Files, path: &str) -> Result<String> {
    let bytes = files.get(path).with_context(|| format!("{path} is missing"))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(base64::engine::general_purpose::STANDARD.encode(encoder.finish()?))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::path::Path;

    use super::*;

    fn files() -> Files {
        let lab = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <link rel=\"preload\" href=\"pkg/batchnorm_playground_bg.wasm\">\n\
             <link rel=\"stylesheet\" href=\"www/style.css\">\n<script src=\"www/page.js\" defer></script>\n</head>\n\
             <body>\n<div id=\"playground\"></div><picture><source srcset=\"www/figures/b.svg\"><img src=\"www/figures/a.svg\"></picture>\n</body>\n</html>\n";
        let embed = "<head></head>\n<body class=\"frame\"><p id=\"playground\"></p></body>";
        let text = [
            ("index.html", lab),
            ("embed.html", embed),
            ("pkg/batchnorm_playground.js", "let wasm_bindgen = '</Script><!--' + (1 <!2);"),
            ("pkg/batchnorm_playground_bg.wasm", "\0asm and so on"),
            ("www/page.js", "start();\n"),
            ("www/single.js", "unpack();\n"),
            ("www/worker.js", "train();\n"),
            ("www/style.css", "p{margin:0}\n"),
            ("www/digits.bin", "3141"),
            ("www/figures/a.svg", "<svg a=\"1\">\n&#960; 50%</svg>"),
        ];
        text.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into()
    }

    fn made(files: &Files) -> String {
        String::from_utf8(page(files).unwrap()).unwrap()
    }

    fn part<'page>(page: &'page str, id: &str) -> &'page str {
        let (_, part) = page.split_once(&format!("id=\"{id}\">")).unwrap();
        part.split_once("</script>").unwrap().0
    }

    #[test]
    fn it_holds_every_part_once_and_names_no_file() {
        let page = made(&files());
        assert!(!page.contains("src=\"www/") && !page.contains("href=\"www/") && !page.contains("pkg/"));
        assert!(
            page.contains("<style>\np{margin:0}\n</style>\n<template id=\"file-embed\" class=\"frame\"><p")
        );
        assert_eq!(page.matches("id=\"playground\" data-file>").count(), 2);
        assert!(page.find("<meta charset").unwrap() < 1000 && page.starts_with("<!doctype html>\n<!--\n"));
    }

    #[test]
    fn what_is_packed_comes_out_as_it_was_and_holds_no_time() {
        let page = made(&files());
        for (id, plain) in [("file-module", "\0asm and so on"), ("file-digits", "3141")] {
            let bytes = base64::engine::general_purpose::STANDARD.decode(part(&page, id)).unwrap();
            assert_eq!((&bytes[..4], &bytes[4..8]), (&[0x1f, 0x8b, 8, 0][..], &[0; 4][..]), "flags and time");
            let mut unpacked = String::new();
            flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut unpacked).unwrap();
            assert_eq!(unpacked, plain);
        }
    }

    #[test]
    fn the_script_does_not_end_before_its_end() {
        let page = made(&files());
        let script = part(&page, "file-script");
        assert!(script.contains("'<\\/Script><\\!--' + (1 <!2)"), "{script}");
        assert!(script.ends_with("{\ntrain();\n} else {\nunpack();\nstart();\n}\n"), "{script}");
    }

    #[test]
    fn a_picture_stands_in_its_place() {
        let page = made(&files());
        let picture =
            "<picture><img src=\"data:image/svg+xml,%3Csvg a=%221%22%3E%0A%26%23960; 50%25%3C/svg%3E\">";
        assert!(page.contains(picture), "{page}");
    }

    #[test]
    fn a_file_that_would_be_missed_is_named() {
        let mut files = files();
        let more = "<p id=\"playground\"><a href=\"index.html#lr\">lab</a></p>";
        files.insert("embed.html".into(), format!("<body>{more}</body>").into_bytes());
        assert!(made(&files).contains("<a href=\"?lab#lr\">"));
        let more = "<p id=\"playground\"><a href=\"www/digits.bin\">digits</a></p>";
        files.insert("embed.html".into(), format!("<body>{more}</body>").into_bytes());
        assert!(page(&files).unwrap_err().to_string().contains("need www/digits.bin"));
        files.remove("www/digits.bin");
        assert!(page(&files).is_err());
    }

    #[test]
    fn the_readme_names_the_policy() {
        let readme = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("README.md");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&std::fs::read_to_string(readme).unwrap()).contains(&words(POLICY)), "{POLICY}");
    }
}
