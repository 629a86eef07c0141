//! Unpacks a gzip file (RFC 1952) piece by piece, so that neither time nor memory depends on what it claims to hold.
//!
//! One member, as every packer writes; what follows it is not read. The checksum is checked.

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

const HAS_HEADER_CHECKSUM: u8 = 2;
const HAS_EXTRA: u8 = 4;
const HAS_NAME: u8 = 8;
const HAS_COMMENT: u8 = 16;

/// Whether a file is packed.
pub(super) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// A packed file being read.
pub(super) struct Unpacker {
    bytes: Vec<u8>,
    at: usize,
    state: Box<InflateState>,
    checksum: u32,
    ended: bool,
}

impl core::fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Unpacker").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Unpacker {
    /// Reads the header.
    ///
    /// # Errors
    /// One sentence naming the byte.
    pub(super) fn new(bytes: Vec<u8>) -> Result<Self, String> {
        let at = header(&bytes)?;
        let state = InflateState::new_boxed(DataFormat::Raw);
        Ok(Self { bytes, at, state, checksum: !0, ended: false })
    }

    /// Fills `into` from its start; fewer bytes than it holds only at the end, none after it.
    ///
    /// # Errors
    /// One sentence naming the byte of the packed file.
    pub(super) fn read(&mut self, into: &mut [u8]) -> Result<usize, String> {
        let mut filled = 0;
        while filled < into.len() && !self.ended {
            let result = inflate(&mut self.state, &self.bytes[self.at..], &mut into[filled..], MZFlush::None);
            self.at += result.bytes_consumed;
            self.checksum = crc32(self.checksum, &into[filled..filled + result.bytes_written]);
            filled += result.bytes_written;
            let moved = result.bytes_consumed + result.bytes_written > 0;
            match result.status {
                Ok(MZStatus::StreamEnd) => self.end()?,
                Ok(_) if moved => {}
                Err(MZError::Buf) if moved => {}
                Ok(_) | Err(MZError::Buf) => return Err(self.cut_short()),
                Err(_) => return Err(format!("At byte {}: the packed data is damaged.", self.at)),
            }
        }
        Ok(filled)
    }

    fn end(&mut self) -> Result<(), String> {
        self.ended = true;
        let trailer = self.bytes.get(self.at..self.at + 8).ok_or_else(|| self.cut_short())?;
        let stored = u32::from_le_bytes([trailer[0], trailer[1], trailer[2], trailer[3]]);
        if stored == !self.checksum {
            return Ok(());
        }
        Err(format!("At byte {}: the checksum of the packed data is wrong; the file is damaged.", self.at))
    }

    fn cut_short(&self) -> String {
        format!("At byte {}: the packed data is cut short.", self.bytes.len())
    }
}

/// Where the packed data begins.
fn header(bytes: &[u8]) -> Result<usize, String> {
    let cut_short = || format!("At byte {}: the file ends within its gzip header.", bytes.len());
    let &[_, _, method, flags, ..] = bytes else { return Err(cut_short()) };
    if method != 8 {
        return Err(format!("At byte 2: gzip method {method} is not known."));
    }
    let mut at = 10;
    if flags & HAS_EXTRA != 0 {
        let length = bytes.get(at..at + 2).ok_or_else(cut_short)?;
        at += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    }
    for text in [HAS_NAME, HAS_COMMENT] {
        if flags & text != 0 {
            let rest = bytes.get(at..).ok_or_else(cut_short)?;
            at += 1 + rest.iter().position(|&byte| byte == 0).ok_or_else(cut_short)?;
        }
    }
    if flags & HAS_HEADER_CHECKSUM != 0 {
        at += 2;
    }
    if at > bytes.len() { Err(cut_short()) } else { Ok(at) }
}

/// Goes on with a CRC-32 (reflected, polynomial 0x04C11DB7); begins with all ones, ends inverted.
pub(crate) fn crc32(checksum: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(checksum, |crc, &byte| crc >> 8 ^ TABLE[usize::from(crc as u8 ^ byte)])
}

static TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}

/// Packs bytes as gzip, for tests.
#[cfg(test)]
pub(super) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x1f, 0x8b, 8, HAS_NAME, 0, 0, 0, 0, 0, 3];
    packed.extend(b"images\0");
    packed.extend(miniz_oxide::deflate::compress_to_vec(bytes, 6));
    packed.extend((!crc32(!0, bytes)).to_le_bytes());
    packed.extend((bytes.len() as u32).to_le_bytes());
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(packed: &[u8], piece: usize) -> Result<Vec<u8>, String> {
        let mut unpacker = Unpacker::new(packed.to_vec())?;
        let (mut all, mut buffer) = (Vec::new(), vec![0; piece]);
        loop {
            let count = unpacker.read(&mut buffer)?;
            all.extend_from_slice(&buffer[..count]);
            if count < piece {
                return Ok(all);
            }
        }
    }

    #[test]
    fn the_checksum_is_the_known_one() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(!crc32(!0, b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn what_was_packed_comes_back_in_pieces_of_any_size() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect();
        for piece in [1000, 784, 65_536, 200_000] {
            assert_eq!(unpack(&pack(&bytes), piece), Ok(bytes.clone()));
        }
        assert_eq!(unpack(&pack(b""), 10), Ok(Vec::new()));
    }

    #[test]
    fn damage_is_a_sentence_that_names_the_byte() {
        let packed = pack(&[7; 5000]);
        for cut in 2..packed.len() {
            let error = unpack(&packed[..cut], 512).unwrap_err();
            assert!(error.starts_with(&format!("At byte {cut}")), "{cut}: {error}");
        }
        let mut wrong = packed.clone();
        let checksum = wrong.len() - 8;
        wrong[checksum] ^= 1;
        assert!(unpack(&wrong, 512).unwrap_err().contains("checksum"));
        wrong = packed;
        wrong[2] = 7;
        assert!(unpack(&wrong, 512).unwrap_err().starts_with("At byte 2"));
    }
}
