//! The lines offered for a post survive a real blog: they stand in the sample post as the product writes them, and
//! Jekyll, where it is installed, makes of that post the very page that the browser tests use.

use std::path::Path;
use std::process::Command;

use batchnorm_playground::app::embed::{Embed, Subject};

const BLOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/jekyll");
const POST: &str = include_str!("jekyll/_posts/2026-01-15-eight-things-to-try.md");
const PAGE: &str = include_str!("jekyll/prebuilt/eight-things-to-try.html");

#[test]
fn the_sample_post_shows_every_subject_with_the_lines_the_product_writes() {
    for subject in Subject::all() {
        let embed = Embed::of(subject);
        let element = embed.element("/bn/", "");
        let as_element = element.lines().all(|line| POST.contains(line));
        assert!(as_element || POST.contains(&embed.frame("/bn/", "")), "{}", subject.key());
    }
}

#[test]
fn readme_shows_lines_the_product_writes() {
    let readme = include_str!("../README.md");
    let shown = |key: &str| Embed::of(Subject::named(key).unwrap());
    for line in [shown("lr").element("/bn/", ""), shown("depth").frame("/bn/", "")] {
        assert!(readme.contains(&line), "{line}");
    }
}

#[test]
fn the_post_keeps_its_lines_in_the_page() {
    let lines =
        POST.lines().filter(|line| line.starts_with("<iframe") || line.starts_with("<batchnorm-playground"));
    let plain = |line: &str| line.replace(" />", ">");
    let page = plain(PAGE);
    let mut count = 0;
    for line in lines {
        assert!(page.contains(line), "{line}");
        count += 1;
    }
    assert_eq!(count, Subject::all().count());
}

#[test]
fn jekyll_makes_the_same_page_where_it_is_installed() {
    if Command::new("jekyll").arg("--version").output().is_err() {
        println!("Jekyll is not installed: the page as it was built before is used.");
        return;
    }
    let out = std::env::temp_dir().join(format!("jekyll-{}", std::process::id()));
    let built = Command::new("jekyll")
        .args(["build", "--quiet", "--disable-disk-cache", "--source", BLOG, "--destination"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let page = std::fs::read_to_string(out.join(Path::new("eight-things-to-try.html"))).unwrap();
    std::fs::remove_dir_all(&out).unwrap();
    assert_eq!(page, PAGE, "another page: copy it to tests/jekyll/prebuilt if it is as good");
}
