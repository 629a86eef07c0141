//! How large the files of a site are: as they are, and compressed as servers compress.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// A file's path below the site's root, and its bytes: raw, gzip, brotli.
pub type Row = (String, [usize; 3]);

/// Every file below a folder, in the order of their names.
///
/// # Errors
/// Those of reading.
pub fn of(site: &Path) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    collect(site, "", &mut rows)?;
    Ok(rows)
}

fn collect(folder: &Path, prefix: &str, rows: &mut Vec<Row>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), rows)?;
        } else {
            let bytes = fs::read(entry.path())?;
            rows.push((name, [bytes.len(), gzip(&bytes)?, brotli(&bytes)?]));
        }
    }
    Ok(())
}

fn gzip(bytes: &[u8]) -> io::Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> io::Result<usize> {
    let mut packed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
    encoder.write_all(bytes)?;
    drop(encoder);
    Ok(packed.len())
}
