-- position_write: note how far a file is read.
-- grain:  one row per content of a file
-- params: reading, head_size, head, read_bytes, tail_size, tail, lines, complete, format, file, now
-- order:  none
INSERT INTO file_positions
    (reading, head_size, head, read_bytes, tail_size, tail, lines, complete, format, file, read_at)
VALUES
    ($reading, $head_size, $head, $read_bytes, $tail_size, $tail, $lines, $complete, $format, $file, $now);
