-- load_ledger: note what became of a file's lines.
-- grain:  one row
-- params: file, format, bytes, lines, stored, duplicates, folded, dropped, rejected, blank, now
-- order:  none
INSERT INTO ingested_files
    (file, format, bytes, lines, stored, duplicates, folded, dropped, rejected, blank, ingested_at)
VALUES
    ($file, $format, $bytes, $lines, $stored, $duplicates, $folded, $dropped, $rejected, $blank, $now);
