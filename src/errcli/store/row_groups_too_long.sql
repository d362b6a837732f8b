-- row_groups_too_long: how many row groups hold texts so long that many such rows would not fit in memory together?
-- grain:  one row: row_groups
-- params: table; of_row (bytes that a row has at most where they fit), of_few (bytes that any row group may have besides)
-- order:  none
SELECT count(*) AS row_groups
FROM (
    SELECT row_group_id
    FROM pragma_storage_info($table)
    GROUP BY row_group_id
    -- long texts lie in blocks of their own; a block has 256 KiB
    HAVING (count(DISTINCT block_id) + coalesce(sum(len(additional_block_ids)), 0)) * 262144
        > max(start + count) * $of_row + $of_few
) AS too_long;
