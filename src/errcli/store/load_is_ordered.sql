-- load_is_ordered: do the arriving events lie in the order of time by and large, so that zone maps will serve?
-- grain:  one row: ordered
-- params: none
-- order:  none
-- In an ordered file the spans of its stretches add up to that of the whole. Few events are sorted anyway.
SELECT sum(events) > 20000 AND sum(newest - oldest) <= 3 * (max(newest) - min(oldest)) AS ordered
FROM (
    SELECT count(*) AS events, epoch_us(min(timestamp)) AS oldest, epoch_us(max(timestamp)) AS newest
    FROM temp.arriving
    GROUP BY seq // 8192
) AS stretches;
