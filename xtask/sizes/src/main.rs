//! `sizes FOLDER`: a line per file with its bytes as they are, with gzip and with brotli, and the sum.

use std::env::args_os;
use std::io;
use std::path::PathBuf;

fn main() -> io::Result<()> {
    let folder = args_os().nth(1).map(PathBuf::from).ok_or_else(|| io::Error::other("sizes FOLDER"))?;
    let mut sum = [0; 3];
    println!("{:>9} {:>9} {:>9}", "bytes", "gzip", "brotli");
    for (name, sizes) in sizes::of(&folder)? {
        println!("{:>9} {:>9} {:>9} {name}", sizes[0], sizes[1], sizes[2]);
        (0..3).for_each(|i| sum[i] += sizes[i]);
    }
    println!("{:>9} {:>9} {:>9} in all", sum[0], sum[1], sum[2]);
    Ok(())
}
