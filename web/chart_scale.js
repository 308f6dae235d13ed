// Scales of the chart: which times and powers its axes name.

const minute = 60_000;
const steps = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 40_320];

/**
 * Round local times between two moments, at most so many.
 * @param {number} from @param {number} to @param {number} most
 * @returns {{at: number, newDay: boolean, wholeDay: boolean}[]} newDay: the first one of its day;
 *   wholeDay: they are days or more apart
 */
export function timeTicks(from, to, most) {
  const wanted = (to - from) / minute / Math.max(1, most);
  const step = steps.find((each) => each >= wanted) ?? 40_320;
  const first = new Date(from);
  const ticks = [];
  let day = "";
  let last = -Infinity;
  // By the calendar, so that midnight is a tick in nights when clocks are changed, too.
  for (let k = 0; k < 10_000; k += 1) {
    const date = new Date(first.getFullYear(), first.getMonth(), first.getDate(), 0, k * step);
    const at = date.getTime();
    if (at > to) break;
    if (at < from || at <= last) continue;
    last = at;
    ticks.push({ at, newDay: date.toDateString() !== day, wholeDay: step >= 1440 });
    day = date.toDateString();
  }
  return ticks;
}

/**
 * Round values from 0 to the first one that is not below `most`.
 * @param {number} most @param {number} count about how many
 */
export function powerTicks(most, count) {
  const raw = Math.max(most, 0.5) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find((each) => each * power >= raw * 0.999) ?? 10);
  const ticks = [0];
  while (ticks[ticks.length - 1] < most) ticks.push(Number((ticks.length * step).toPrecision(6)));
  if (ticks.length === 1) ticks.push(step);
  return ticks;
}
