// The value in [low, high] that is nearest to a number.

export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
