-- is_all_read: is it known of all events which are their twins?
-- grain:  one row: is_all_read
-- params: none
-- order:  none
-- Numbers that are as many and have the same sum: to look for each takes longer, and is done only where they differ.
SELECT
    (SELECT struct_pack(events := count(*), total := sum(seq)) FROM to_shape)
    = (SELECT struct_pack(events := count(*), total := sum(seq)) FROM mining_twins) AS is_all_read;
