// Settings of the attacked server: attackers come from one address, so that only what they send stops them.

const LIMITS = {
  requestsPerMinute: 1e9,
  requestsPerMinutePerAddress: 1e9,
  socketsPerUser: 1_000,
  socketsPerAddress: 300,
};

export const ABUSE_ENVIRONMENT = { TESSERA_LIMITS: JSON.stringify(LIMITS) };
