-- position_read: how far is each file read?
-- grain:  one row per content of a file
-- params: none
-- order:  the longest reading first
SELECT reading, head_size, head, read_bytes, tail_size, tail, lines, complete, format
FROM file_positions
ORDER BY read_bytes DESC, reading, head, tail;
