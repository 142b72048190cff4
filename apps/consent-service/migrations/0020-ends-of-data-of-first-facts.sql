-- Danger: writes every subject whose contract has ended, once; the clocks then tell, in the bulk lane, what was never told.

-- Of whom the first facts named a contract that had ended before, no end of data was told (C11): the clocks begin with it.
UPDATE subject SET due_at = least(subject.due_at, contract_end) WHERE contract_end <= now();
