extension EventTables {
  /// One table for each kind of event, its columns the event's properties; keys say what can happen
  /// only once. `StoreTests` compares them with the events. Tables that grow with every farmer and
  /// block are divided by block (``Partition``).
  static let tables = """
    CREATE TABLE coordinator_starts (
      LIKE event INCLUDING ALL, version text NOT NULL, ledger bigint NOT NULL,
      ledger_close_time bigint NOT NULL
    );
    CREATE TABLE wallets (
      LIKE event INCLUDING ALL, wallet bytes32 NOT NULL, kind text NOT NULL,
      owner bigint NOT NULL, UNIQUE (wallet)
    );
    CREATE TABLE farmers (
      LIKE event INCLUDING ALL, farmer bigint NOT NULL, handle text NOT NULL,
      password_hash text NOT NULL, wallet bytes32 NOT NULL, custody_notice text NOT NULL,
      UNIQUE (farmer), UNIQUE (handle), UNIQUE (wallet)
    );
    CREATE TABLE password_changes (
      LIKE event INCLUDING ALL, farmer bigint NOT NULL, password_hash text NOT NULL
    );
    CREATE INDEX ON password_changes (farmer);
    CREATE TABLE poolers (
      LIKE event INCLUDING ALL, pooler bigint NOT NULL, name text NOT NULL,
      payout text NOT NULL, bond_wallet bytes32 NOT NULL, share_bps basis_points NOT NULL,
      farmers_max bigint NOT NULL, UNIQUE (pooler)
    );
    CREATE TABLE enrolments (
      LIKE event INCLUDING ALL, token_key bytes32 NOT NULL, pooler bigint NOT NULL,
      expires_at bigint NOT NULL, needs_approval boolean NOT NULL, UNIQUE (token_key)
    );
    CREATE TABLE agents (
      LIKE event INCLUDING ALL, agent bytes32 NOT NULL, pooler bigint NOT NULL,
      token_key bytes32 NOT NULL, name text NOT NULL, UNIQUE (agent), UNIQUE (token_key)
    );
    CREATE TABLE agent_approvals (
      LIKE event INCLUDING ALL, agent bytes32 NOT NULL, UNIQUE (agent)
    );
    CREATE TABLE agent_revocations (
      LIKE event INCLUDING ALL, agent bytes32 NOT NULL, reason text NOT NULL, UNIQUE (agent)
    );
    CREATE TABLE agent_key_offers (
      LIKE event INCLUDING ALL, agent bytes32 NOT NULL, next bytes32 NOT NULL,
      expires_at bigint NOT NULL
    );
    CREATE TABLE agent_key_replacements (
      LIKE event INCLUDING ALL, agent bytes32 NOT NULL, next bytes32 NOT NULL,
      pooler bigint NOT NULL, UNIQUE (agent), UNIQUE (next)
    );
    CREATE TABLE agent_sessions (
      LIKE event INCLUDING ALL, agent bytes32 NOT NULL, session bytea NOT NULL,
      address text NOT NULL, version text NOT NULL
    );
    CREATE INDEX ON agent_sessions (agent);
    CREATE TABLE agent_session_ends (
      LIKE event INCLUDING ALL, agent bytes32 NOT NULL, session bytea NOT NULL,
      reason text NOT NULL
    );
    CREATE INDEX ON agent_session_ends (agent, session);
    CREATE TABLE capacity_reports (
      LIKE event INCLUDING ALL, agent bytes32 NOT NULL, hashes_per_second bigint NOT NULL,
      threads bigint NOT NULL, farmers_max bigint
    );
    CREATE INDEX ON capacity_reports (agent);
    CREATE TABLE config_changes (
      LIKE event INCLUDING ALL, farmer bigint NOT NULL, stake_bps basis_points NOT NULL,
      harvest_after_blocks bigint NOT NULL, stake_cap stroops, paused boolean NOT NULL,
      within_max_stake boolean NOT NULL, even_below_fees boolean NOT NULL
    );
    CREATE INDEX ON config_changes (farmer);
    CREATE TABLE payout_changes (
      LIKE event INCLUDING ALL, farmer bigint NOT NULL, payout text NOT NULL,
      effective_at bigint NOT NULL
    );
    CREATE INDEX ON payout_changes (farmer);
    CREATE TABLE wallet_fundings (
      LIKE event INCLUDING ALL, wallet bytes32 NOT NULL, treasury bytes32 NOT NULL,
      xlm stroops NOT NULL, transaction bytes32 NOT NULL, UNIQUE (transaction, wallet)
    );
    CREATE TABLE wallet_readiness (
      LIKE event INCLUDING ALL, wallet bytes32 NOT NULL
    );
    CREATE INDEX ON wallet_readiness (wallet);
    CREATE TABLE pooler_suspensions (
      LIKE event INCLUDING ALL, pooler bigint NOT NULL, block bigint NOT NULL,
      bad_blocks bigint NOT NULL, UNIQUE (pooler, block)
    );
    CREATE TABLE pooler_reinstatements (
      LIKE event INCLUDING ALL, pooler bigint NOT NULL
    );
    CREATE TABLE bond_payments (
      LIKE event INCLUDING ALL, pooler bigint NOT NULL, farmer bigint NOT NULL,
      exit bigint NOT NULL, bond_wallet bytes32 NOT NULL, wallet bytes32, payout text,
      amount stroops NOT NULL, transaction bytes32 NOT NULL, UNIQUE (transaction)
    );
    CREATE INDEX ON bond_payments (farmer);
    CREATE TABLE bond_release_permits (
      LIKE event INCLUDING ALL, pooler bigint NOT NULL, amount stroops NOT NULL
    );
    CREATE TABLE bond_releases (
      LIKE event INCLUDING ALL, pooler bigint NOT NULL, bond_wallet bytes32 NOT NULL,
      amount stroops NOT NULL, payout text NOT NULL, transaction bytes32 NOT NULL,
      UNIQUE (transaction)
    );
    CREATE TABLE queue_entries (
      LIKE event INCLUDING ALL, farmer bigint NOT NULL, pooler bigint NOT NULL,
      share_bps basis_points NOT NULL
    );
    CREATE INDEX ON queue_entries (farmer);
    CREATE TABLE queue_departures (
      LIKE event INCLUDING ALL, farmer bigint NOT NULL, pooler bigint NOT NULL
    );
    CREATE INDEX ON queue_departures (farmer);
    CREATE TABLE rejoins (
      LIKE event INCLUDING ALL, farmer bigint NOT NULL, wallet bytes32 NOT NULL
    );
    CREATE INDEX ON rejoins (farmer);
    CREATE TABLE agreements (
      LIKE event INCLUDING ALL, agreement bigint NOT NULL, farmer bigint NOT NULL,
      pooler bigint NOT NULL, share_bps basis_points NOT NULL, payout text NOT NULL,
      UNIQUE (agreement)
    );
    CREATE INDEX ON agreements (farmer);
    CREATE TABLE agreement_confirmations (
      LIKE event INCLUDING ALL, agreement bigint NOT NULL, farmer bigint NOT NULL,
      transaction bytes32 NOT NULL, UNIQUE (agreement)
    );
    CREATE TABLE payout_confirmations (
      LIKE event INCLUDING ALL, agreement bigint NOT NULL, farmer bigint NOT NULL,
      payout text NOT NULL, transaction bytes32 NOT NULL, UNIQUE (transaction)
    );
    CREATE TABLE deposits (
      LIKE event INCLUDING ALL, wallet bytes32 NOT NULL, asset text NOT NULL,
      amount stroops NOT NULL, sender text NOT NULL, chain_event text NOT NULL,
      ledger bigint NOT NULL, UNIQUE (chain_event)
    );
    CREATE INDEX ON deposits (wallet);
    CREATE TABLE blocks (
      LIKE event INCLUDING ALL, block bigint NOT NULL, opened_at bigint NOT NULL,
      entropy bytes32 NOT NULL, gap_min bigint NOT NULL, gap_max bigint NOT NULL,
      zeros_min bigint NOT NULL, zeros_max bigint NOT NULL, stake_min stroops NOT NULL,
      stake_max stroops NOT NULL, live_until bigint NOT NULL, parts_before bigint,
      normalized_before bigint, unworked_before stroops, UNIQUE (block)
    );
    CREATE TABLE plant_requests (
      LIKE event INCLUDING ALL, block bigint NOT NULL, pooler bigint NOT NULL,
      agent bytes32 NOT NULL, farmers bigint NOT NULL, UNIQUE (block, pooler)
    );
    CREATE TABLE plantings (
      LIKE block_event INCLUDING ALL, farmer bigint NOT NULL,
      pooler bigint NOT NULL, planted boolean NOT NULL, stake stroops NOT NULL,
      ledger bigint NOT NULL, transaction bytes32, reason text, ledgers_left bigint,
      UNIQUE (farmer, block),
      PRIMARY KEY (position, block)
    ) PARTITION BY RANGE (block);
    CREATE INDEX ON plantings (block);
    CREATE TABLE assignments (
      LIKE block_event INCLUDING ALL, farmer bigint NOT NULL,
      agent bytes32 NOT NULL, turn bigint NOT NULL, ledgers_left bigint,
      UNIQUE (farmer, block, turn),
      PRIMARY KEY (position, block)
    ) PARTITION BY RANGE (block);
    CREATE TABLE assignment_deliveries (
      LIKE block_event INCLUDING ALL, farmer bigint NOT NULL,
      agent bytes32 NOT NULL, turn bigint NOT NULL, UNIQUE (farmer, block, turn),
      PRIMARY KEY (position, block)
    ) PARTITION BY RANGE (block);
    CREATE TABLE nonces (
      LIKE block_event INCLUDING ALL, farmer bigint NOT NULL,
      agent bytes32 NOT NULL, nonce numeric(20, 0) NOT NULL, hash bytes32 NOT NULL,
      zeros bigint NOT NULL, ledgers_left bigint, UNIQUE (farmer, block, nonce),
      PRIMARY KEY (position, block)
    ) PARTITION BY RANGE (block);
    CREATE INDEX ON nonces (block);
    CREATE TABLE work_finishes (
      LIKE block_event INCLUDING ALL, farmer bigint NOT NULL,
      agent bytes32 NOT NULL, hashes bigint NOT NULL,
      PRIMARY KEY (position, block)
    ) PARTITION BY RANGE (block);
    CREATE INDEX ON work_finishes (block, farmer);
    CREATE TABLE works (
      LIKE block_event INCLUDING ALL, farmer bigint NOT NULL,
      nonce numeric(20, 0) NOT NULL, hash bytes32 NOT NULL, zeros bigint NOT NULL,
      gap bigint NOT NULL, ledger bigint NOT NULL, transaction bytes32,
      UNIQUE (farmer, block),
      PRIMARY KEY (position, block)
    ) PARTITION BY RANGE (block);
    CREATE INDEX ON works (block);
    CREATE TABLE stake_losses (
      LIKE block_event INCLUDING ALL, farmer bigint NOT NULL,
      pooler bigint NOT NULL, stake stroops NOT NULL, reward stroops NOT NULL,
      payer text NOT NULL, reason text NOT NULL, evidence text NOT NULL, UNIQUE (farmer, block),
      PRIMARY KEY (position, block)
    ) PARTITION BY RANGE (block);
    CREATE INDEX ON stake_losses (block);
    CREATE TABLE compensations (
      LIKE event INCLUDING ALL, farmer bigint NOT NULL, wallet bytes32 NOT NULL,
      treasury bytes32 NOT NULL, principal stroops NOT NULL, reward stroops NOT NULL,
      transaction bytes32 NOT NULL, UNIQUE (transaction, farmer)
    );
    CREATE INDEX ON compensations (farmer);
    CREATE TABLE harvests (
      LIKE block_event INCLUDING ALL, farmer bigint NOT NULL,
      reward stroops NOT NULL, stake stroops NOT NULL, ledger bigint NOT NULL,
      transaction bytes32 NOT NULL, UNIQUE (farmer, block),
      PRIMARY KEY (position, block)
    ) PARTITION BY RANGE (block);
    CREATE INDEX ON harvests (block);
    CREATE TABLE block_analytics (
      LIKE event INCLUDING ALL, block bigint NOT NULL, pooler bigint NOT NULL,
      wanted bigint NOT NULL, planted bigint NOT NULL, missed bigint NOT NULL,
      worked bigint NOT NULL, lost bigint NOT NULL, stake_total stroops NOT NULL,
      stake_lost stroops NOT NULL, zeros_min bigint NOT NULL, zeros_median bigint NOT NULL,
      zeros_max bigint NOT NULL, gap_min bigint NOT NULL, gap_max bigint NOT NULL,
      UNIQUE (block, pooler)
    );
    CREATE TABLE exits (
      LIKE event INCLUDING ALL, exit bigint NOT NULL, farmer bigint NOT NULL,
      agreement bigint, block bigint NOT NULL, waits_for_payout boolean NOT NULL,
      next_pooler bigint, next_share_bps basis_points, UNIQUE (exit)
    );
    CREATE INDEX ON exits (farmer);
    CREATE TABLE exit_call_offs (
      LIKE event INCLUDING ALL, exit bigint NOT NULL, farmer bigint NOT NULL, UNIQUE (exit)
    );
    CREATE TABLE unsplit_exits (
      LIKE event INCLUDING ALL, exit bigint NOT NULL, farmer bigint NOT NULL,
      wallet bytes32 NOT NULL, payout text NOT NULL, UNIQUE (exit)
    );
    CREATE TABLE splits (
      LIKE event INCLUDING ALL, exit bigint NOT NULL, farmer bigint NOT NULL,
      pooler bigint NOT NULL, wallet bytes32 NOT NULL, amount stroops NOT NULL,
      rewards stroops NOT NULL, loss stroops NOT NULL, pooler_net stroops NOT NULL,
      held stroops NOT NULL, farmer_net stroops NOT NULL, debt stroops NOT NULL,
      bond_wallet bytes32 NOT NULL, payout text NOT NULL, ledger bigint NOT NULL,
      transaction bytes32 NOT NULL, UNIQUE (exit), UNIQUE (transaction)
    );
    CREATE TABLE transfers (
      LIKE event INCLUDING ALL, exit bigint NOT NULL, farmer bigint NOT NULL,
      wallet bytes32 NOT NULL, amount stroops NOT NULL, payout text NOT NULL,
      transaction bytes32 NOT NULL, UNIQUE (transaction)
    );
    CREATE TABLE departures (
      LIKE event INCLUDING ALL, exit bigint NOT NULL, farmer bigint NOT NULL,
      wallet bytes32 NOT NULL, xlm stroops NOT NULL, payout text NOT NULL,
      transaction bytes32 NOT NULL, UNIQUE (exit)
    );
    CREATE TABLE tx_intents (
      LIKE event INCLUDING ALL, transaction bytes32 NOT NULL, wallet bytes32 NOT NULL,
      sequence bigint NOT NULL, max_time bigint NOT NULL, made_after bigint NOT NULL,
      envelope bytea NOT NULL, kind text NOT NULL, farmer bigint, block bigint, exit bigint,
      amount stroops NOT NULL, held stroops NOT NULL, nonce numeric(20, 0), hash bytes32,
      target text, UNIQUE (transaction)
    );
    CREATE INDEX ON tx_intents (wallet);
    CREATE INDEX ON tx_intents (block, farmer);
    CREATE TABLE tx_outcomes (
      LIKE event INCLUDING ALL, transaction bytes32 NOT NULL, wallet bytes32 NOT NULL,
      result text NOT NULL, ledger bigint NOT NULL, fee stroops NOT NULL,
      short_of_xlm boolean NOT NULL, detail text NOT NULL, UNIQUE (transaction)
    );
    CREATE TABLE notices (
      LIKE event INCLUDING ALL, farmer bigint, pooler bigint, level text NOT NULL,
      text text NOT NULL
    );
    CREATE INDEX ON notices (farmer);

    """
}
