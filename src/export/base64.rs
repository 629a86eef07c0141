//! Numbers as base64 text, in lines that an editor can show.

/// Characters per line, a multiple of 4.
const LINE: usize = 108;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// 32-bit floats, little-endian.
pub fn floats(values: impl IntoIterator<Item = f32>) -> String {
    let bytes: Vec<u8> = values.into_iter().flat_map(f32::to_le_bytes).collect();
    self::bytes(&bytes)
}

/// Bytes.
pub fn bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4 * (LINE + 1) / LINE + 1);
    for line in bytes.chunks(LINE / 4 * 3) {
        for three in line.chunks(3) {
            let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for i in 0..4 {
                let digit = ALPHABET[(bits >> (18 - 6 * i) & 63) as usize];
                text.push(if i <= three.len() { char::from(digit) } else { '=' });
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg==\n"),
            ("fo", "Zm8=\n"),
            ("foo", "Zm9v\n"),
            ("foob", "Zm9vYg==\n"),
            ("fooba", "Zm9vYmE=\n"),
            ("foobar", "Zm9vYmFy\n"),
        ] {
            assert_eq!(bytes(plain.as_bytes()), coded);
        }
        assert_eq!(floats([1.0, -2.5]), "AACAPwAAIMA=\n");
    }

    #[test]
    fn lines_are_bounded() {
        let text = bytes(&[7; 1000]);
        assert!(text.lines().all(|line| line.len() <= LINE));
        assert_eq!(text.replace('\n', "").len(), 1336);
    }
}
