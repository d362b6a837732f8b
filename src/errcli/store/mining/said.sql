-- said: how much do the events say of which it is not known yet which are their twins?
-- grain:  one row: size, about so many bytes as to_zero hands over
-- params: none
-- order:  none
SELECT
    CAST(
        sum(
            40
            + least(coalesce(strlen(message), 0), 4000)
            + least(coalesce(strlen(page), 0) + coalesce(strlen(CAST(input_data AS VARCHAR)), 0), 4000)
        ) AS BIGINT
    ) AS size
FROM mining_unread;
