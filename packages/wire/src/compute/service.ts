// The name under which workers serve compute requests.

export const COMPUTE_SERVICE = 'compute';
