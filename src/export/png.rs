//! A line of text inside a PNG file: the settings of what is drawn, which picture viewers show and scripts can read.

use crate::data::gzip::crc32;

/// Signature, and the first chunk with its length, name and checksum.
const HEADER: usize = 8 + 4 + 4 + 13 + 4;

/// The file with a `tEXt` chunk after its header (PNG, third edition, 11.3.3.3). `keyword` and `text` are ASCII.
pub fn with_text(png: &[u8], keyword: &str, text: &str) -> Vec<u8> {
    let (header, rest) = png.split_at(HEADER.min(png.len()));
    let body = [b"tEXt", keyword.as_bytes(), b"\0", text.as_bytes()].concat();
    let length = body.len() as u32 - 4;
    let checksum = !crc32(!0, &body);
    [header, &length.to_be_bytes(), &body, &checksum.to_be_bytes(), rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name and body of every chunk, each found sound.
    fn chunks(png: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut chunks = Vec::new();
        let mut rest = &png[8..];
        while !rest.is_empty() {
            let number = |at: usize| u32::from_be_bytes(rest[at..at + 4].try_into().unwrap());
            let end = 8 + number(0) as usize;
            assert_eq!(number(end), !crc32(!0, &rest[4..end]));
            chunks.push((String::from_utf8(rest[4..8].to_vec()).unwrap(), rest[8..end].to_vec()));
            rest = &rest[end + 4..];
        }
        chunks
    }

    #[test]
    fn the_text_stands_after_the_header_and_the_picture_is_left_alone() {
        // One grey pixel.
        let plain = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
            \0\0\0\x0aIDAT\x78\xda\x63\x60\0\0\0\x02\0\x01\xe5\x27\xde\xfc\0\0\0\0IEND\xae\x42\x60\x82";
        let mut expected = chunks(plain);
        expected.insert(1, ("tEXt".into(), b"Comment\0v=1&lr=0.1; seed 24".to_vec()));
        assert_eq!(chunks(&with_text(plain, "Comment", "v=1&lr=0.1; seed 24")), expected);
    }
}
