-- position_forget: forget the place from which a file was read on.
-- grain:  the rows of that place
-- params: reading, head, read_bytes, tail
-- order:  none
DELETE FROM file_positions
WHERE reading = $reading AND head = $head AND read_bytes = $read_bytes AND tail = $tail;
