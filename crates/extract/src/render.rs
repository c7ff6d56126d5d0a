//! Pages as pictures: PNG for the screen, grey pixels for the recogniser.

use casefile::Input;
use pdf::{Fineness, Typefaces};

use crate::worker::Rendered;

/// What is drawn, and how.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Media type of the original.
    pub format: &'a str,
    /// Numbers of pages, from 1.
    pub pages: &'a [u32],
    /// Longest side in pixels.
    pub longest: u32,
    /// Binary PGM for a text recogniser, else PNG for the screen.
    pub grey: bool,
}

/// Draws pages of a PDF or picture, which is opened once. `each` gets every page asked for, in
/// order, or why there is none, and says whether to go on.
pub(crate) fn pages(
    input: &mut Input<'_>,
    wanted: Wanted<'_>,
    typefaces: &Typefaces,
    each: &mut dyn FnMut(Result<Rendered, String>) -> bool,
) {
    if wanted.format == "application/pdf" {
        let fineness = if wanted.grey {
            Fineness::Recognition
        } else {
            Fineness::Longest(wanted.longest)
        };
        let drawn = pdf::render_pages(input, wanted.pages, fineness, typefaces, &mut |_, image| {
            each(match image {
                Ok(image) if wanted.grey => Ok(pgm(&image)),
                Ok(image) => Ok(Rendered {
                    width: image.width,
                    height: image.height,
                    bytes: pdf::png(&image),
                }),
                Err(error) => Err(error.to_string()),
            })
        });
        if let Err(error) = drawn {
            let reason = error.to_string();
            let _ = wanted.pages.iter().all(|_| each(Err(reason.clone())));
        }
        return;
    }
    let bytes = input.all().ok().flatten();
    for page in wanted.pages {
        let drawn = match &bytes {
            Some(bytes) => picture(bytes, *page, wanted),
            None => Err("the picture is too large to be drawn".into()),
        };
        if !each(drawn) {
            break;
        }
    }
}

fn picture(bytes: &[u8], page: u32, wanted: Wanted<'_>) -> Result<Rendered, String> {
    let pixels = pictures::pixels(bytes, page).map_err(|error| error.to_string())?;
    let pixels = pixels.at_most(wanted.longest);
    let (width, height) = (pixels.width(), pixels.height());
    let bytes = if wanted.grey {
        pixels.to_pgm()
    } else {
        pixels.to_png().map_err(|error| error.to_string())?
    };
    Ok(Rendered {
        width,
        height,
        bytes,
    })
}

fn pgm(image: &pdf::Image) -> Rendered {
    let (width, height) = (image.width, image.height);
    let mut bytes = format!("P5 {width} {height} 255\n").into_bytes();
    if image.grey {
        bytes.extend_from_slice(&image.pixels);
    } else {
        // ITU-R BT.601 luma, in thousandths.
        bytes.extend(image.pixels.chunks_exact(3).map(|rgb| match rgb {
            [red, green, blue] => {
                let sum = 299 * u32::from(*red) + 587 * u32::from(*green) + 114 * u32::from(*blue);
                u8::try_from(sum / 1000).unwrap_or(255)
            }
            _ => 255,
        }));
    }
    Rendered {
        width,
        height,
        bytes,
    }
}
