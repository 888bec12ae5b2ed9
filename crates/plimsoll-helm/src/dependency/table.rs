/// Lays rows out in columns: every cell as wide as the widest of its column, a tab between them,
/// and what is wider than `widest` cut (gosuri/uitable).
pub fn table<R: AsRef<[String]>>(rows: &[R], widest: usize) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        let row = row.as_ref();
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            let own = cell.split('\n').map(shown_width).max().unwrap_or_default();
            *width = (*width).max(if widest == 0 { own } else { own.min(widest) });
        }
    }
    let line = |row: &R| {
        let cells = row.as_ref().iter().zip(&widths);
        let cells = cells.map(|(cell, width)| resized(cell, *width));
        cells.collect::<Vec<_>>().join("\t")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn resized(cell: &str, width: usize) -> String {
    let own = shown_width(cell);
    if width == 0 || own <= width {
        return format!("{cell}{}", " ".repeat(width.saturating_sub(own)));
    }
    let mut cut = String::new();
    let mut taken = 0;
    for c in cell.chars() {
        cut.push(c);
        if taken + char_width(c) + 3 >= width {
            break;
        }
        taken += char_width(c);
    }
    cut.push_str("...");
    cut
}

fn shown_width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Names and versions are mostly ASCII; ideographs take two columns, and what does not print none.
fn char_width(c: char) -> usize {
    match c as u32 {
        0..0x20 | 0x7f..0xa0 | 0x300..0x370 | 0x200b..0x2010 => 0,
        0x1100..0x1160 | 0x2e80..0xa4d0 | 0xac00..0xd7a4 | 0xf900..0xfb00 | 0xfe30..0xfe70 => 2,
        0xff00..0xff61 | 0xffe0..0xffe7 | 0x1f300..0x1f650 | 0x1f900..0x1fa00 => 2,
        0x20000..0x3_fffe => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: [&str; 4], widest: usize, expected: &str) {
        let head = ["A", "B", "C", "D"].map(str::to_owned);
        let got = table(&[head, cells.map(str::to_owned)], widest);
        assert_eq!(got.split_once('\n').map(|(_, row)| row), Some(expected));
    }

    #[test]
    fn cells_fill_their_columns() {
        check(["s", "0.1.0", "", "ok"], 80, "s\t0.1.0\t \tok");
        check(["s", "0123456789", "", "ok"], 8, "s\t01234...\t \tok");
    }
}
