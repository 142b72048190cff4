import fc from 'fast-check';

/** Properties see the same histories in every run, so that only a change turns one red; FAST_CHECK_SEED shows them others. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_129) });
