//! A small PNG writer (ISO/IEC 15948) that prefers speed to size.

use std::io::Write;

use crate::render::Image;

/// The image as a PNG file: 8 bits a channel, grey or RGB.
#[must_use]
pub fn png(image: &Image) -> Vec<u8> {
    let channels = image.channels();
    let row = image.width as usize * channels;
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    let mut head = Vec::with_capacity(13);
    head.extend(image.width.to_be_bytes());
    head.extend(image.height.to_be_bytes());
    head.extend([8, if channels == 1 { 0 } else { 2 }, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &head);
    if image.dpi > 0.0 {
        let metre = (image.dpi / 0.0254).round().clamp(1.0, 1e9) as u32;
        let mut density = Vec::with_capacity(9);
        density.extend(metre.to_be_bytes());
        density.extend(metre.to_be_bytes());
        density.push(1);
        chunk(&mut file, *b"pHYs", &density);
    }
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut filtered = vec![0; row + 1];
    let mut above: &[u8] = &[];
    for line in image
        .pixels
        .chunks_exact(row.max(1))
        .take(image.height as usize)
    {
        // Pages are mostly runs of one colour: the difference to the row above is mostly nothing.
        if let [kind, rest @ ..] = filtered.as_mut_slice() {
            *kind = if above.is_empty() { 0 } else { 2 };
            if above.is_empty() {
                rest.copy_from_slice(line);
            } else {
                for ((out, now), before) in rest.iter_mut().zip(line).zip(above) {
                    *out = now.wrapping_sub(*before);
                }
            }
        }
        // Writing into memory does not fail.
        let _ = packer.write_all(&filtered);
        above = line;
    }
    chunk(&mut file, *b"IDAT", &packer.finish().unwrap_or_default());
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], body: &[u8]) {
    file.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(body);
    file.extend(kind);
    file.extend(body);
    file.extend(sum.sum().to_be_bytes());
}
