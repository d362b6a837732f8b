-- said: how much do the events say of which it is not known yet which are their twins?
-- grain:  one row: size, about so many bytes as to_zero hands over; the lowest and highest seq, 0 and -1 where there are none
-- params: none
-- order:  none
SELECT
    CAST(
        coalesce(
            sum(
                40
                + least(coalesce(strlen(message), 0), 4000)
                + least(coalesce(strlen(page), 0) + coalesce(strlen(CAST(input_data AS VARCHAR)), 0), 4000)
            ),
            0
        ) AS BIGINT
    ) AS size,
    coalesce(min(seq), 0) AS lowest,
    coalesce(max(seq), -1) AS highest
FROM mining_unread;
