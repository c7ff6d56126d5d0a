//! How the time of a cross-reference grows with the records, drawn.

/// One measured point: records, CPU seconds.
type Point = (f64, f64);

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 160.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 50.0;

/// An SVG of the rows of `matching.tsv`: CPU seconds over records, both in powers of ten, with what
/// growth in proportion would be. The table is the twin.
pub(super) fn plot(rows: &[String]) -> String {
    let ours = points(rows, "tumen");
    let peer = points(rows, "nomenklatura 4.17.4");
    let all = || ours.iter().chain(&peer);
    let least = |of: fn(&Point) -> f64| all().map(of).fold(f64::INFINITY, f64::min).log10().floor();
    let most = |of: fn(&Point) -> f64| all().map(of).fold(0.0, f64::max).log10().ceil();
    let (x0, x1) = (least(|p| p.0), most(|p| p.0));
    let (y0, y1) = (least(|p| p.1), most(|p| p.1));
    let x = |records: f64| LEFT + (records.log10() - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT);
    let y = |seconds: f64| {
        HEIGHT - BOTTOM - (seconds.log10() - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM)
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\"><title>CPU seconds of a file with \
         itself, by records</title><rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    let mut line = |text: String| {
        svg.push_str(&text);
        svg.push('\n');
    };
    for power in whole(x0)..=whole(x1) {
        let at = x(10_f64.powi(power));
        line(format!(
            "<path d=\"M{at:.1} {TOP}V{:.1}\" stroke=\"#ddd\"/><text x=\"{at:.1}\" y=\"{:.1}\" \
             text-anchor=\"middle\">{}</text>",
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM + 20.0,
            grouped(power)
        ));
    }
    for power in whole(y0)..=whole(y1) {
        let at = y(10_f64.powi(power));
        line(format!(
            "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            at + 4.0,
            10_f64.powi(power)
        ));
    }
    line(format!(
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">records</text><text x=\"{LEFT}\" \
         y=\"18\">CPU seconds</text>",
        LEFT + (WIDTH - LEFT - RIGHT) / 2.0,
        HEIGHT - 10.0
    ));
    if let (Some(first), Some(last)) = (ours.first(), ours.last()) {
        let straight = first.1 * last.0 / first.0;
        line(format!(
            "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"#888\" stroke-dasharray=\"6 5\"/><text \
             x=\"{:.1}\" y=\"{:.1}\" fill=\"#555\">in proportion</text>",
            x(first.0),
            y(first.1),
            x(last.0),
            y(straight),
            x(last.0) + 10.0,
            y(straight) + 14.0
        ));
    }
    for (who, points, colour) in [
        ("Tumen", &ours, "#0b5a8a"),
        ("nomenklatura", &peer, "#9a3412"),
    ] {
        let path: Vec<String> = points
            .iter()
            .map(|(records, seconds)| format!("{:.1} {:.1}", x(*records), y(*seconds)))
            .collect();
        if let (Some(last), false) = (points.last(), path.is_empty()) {
            line(format!(
                "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
                path.join("L")
            ));
            for (records, seconds) in points.iter() {
                line(format!(
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{colour}\"/>",
                    x(*records),
                    y(*seconds)
                ));
            }
            line(format!(
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{who}</text>",
                x(last.0) + 10.0,
                y(last.1) + 2.0
            ));
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// The measured seconds of a file with itself, by records.
fn points(rows: &[String], who: &str) -> Vec<Point> {
    let mut found: Vec<Point> = rows
        .iter()
        .filter_map(|row| {
            let cells: Vec<&str> = row.split('\t').collect();
            match cells.as_slice() {
                [by, "a file with itself", records, "all, CPU s", seconds] if *by == who => {
                    Some((records.parse().ok()?, seconds.parse().ok()?))
                }
                _ => None,
            }
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
}

/// A power of ten of an axis; the axes span a handful.
#[expect(clippy::cast_possible_truncation, reason = "a handful of powers")]
fn whole(power: f64) -> i32 {
    power as i32
}

fn grouped(power: i32) -> String {
    let plain = format!("{}", 10_f64.powi(power));
    let mut out = String::new();
    for (n, c) in plain.chars().enumerate() {
        if n > 0 && (plain.len() - n) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measured_point_is_drawn() {
        let rows: Vec<String> = [
            "who\ttask\trecords\twhat\tvalue",
            "tumen\ta file with itself\t10000\tall, CPU s\t0.58",
            "tumen\ta file with itself\t10000\tpairs\t2840",
            "tumen\ta file with itself\t1000000\tall, CPU s\t97.41",
            "nomenklatura 4.17.4\ta file with itself\t10000\tall, CPU s\t23.27",
        ]
        .map(str::to_owned)
        .to_vec();
        let svg = plot(&rows);
        assert_eq!(svg.matches("<circle").count(), 3, "{svg}");
        assert!(
            svg.contains("1,000,000") && svg.contains("nomenklatura"),
            "{svg}"
        );
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
