// Numbers and times as people read them, by Intl. What is null or not a number is "–".

export const none = "–";
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @typedef {number | string | null | undefined} Numeric a string is an exact decimal */

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** @param {number} most @param {number} [least] */
function digits(most, least = 0) {
  const key = `${least}-${most}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.NumberFormat(undefined, {
      minimumFractionDigits: least,
      maximumFractionDigits: most,
    });
    formats.set(key, found);
  }
  return found;
}

/** @param {Numeric} value @returns {value is number | string} */
export const isNumber = (value) =>
  value !== null && value !== undefined && value !== "" && Number.isFinite(Number(value));

/** @param {Numeric} value @param {number} most @param {number} [least] */
export function number(value, most, least = 0) {
  if (!isNumber(value)) return none;
  // Strings go to Intl as they are: it rounds decimals of any length exactly.
  const text = digits(most, least).format(/** @type {number} */ (value));
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text;
}

/** @param {Numeric} value */
export const kwh = (value) =>
  number(value, Math.abs(Number(value)) >= 1000 ? 0 : 1, Math.abs(Number(value)) >= 1000 ? 0 : 1);
/** @param {Numeric} value */
export const kwhExact = (value) => number(value, 3, 1);
/** @param {Numeric} value */
export const kw = (value) => number(value, 1, 1);
/** @param {Numeric} value */
export const percent = (value) => (isNumber(value) ? `${number(value, 0)} %` : none);
/** @param {Numeric} value */
export const count = (value) => number(value, 0);

/**
 * With the places of the currency, without its name.
 * @param {Numeric} value @param {string | null | undefined} currency
 */
export function amount(value, currency) {
  const places = currencyPlaces(currency);
  return number(value, places, places);
}

/** A price for a unit: up to five places. @param {Numeric} value */
export const price = (value) => number(value, 5, 2);

/** @param {string | null | undefined} currency */
function currencyPlaces(currency) {
  try {
    const options = { style: /** @type {const} */ ("currency"), currency: currency ?? "EUR" };
    return new Intl.NumberFormat(undefined, options).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2; // not a currency's code
  }
}

/** Hours and minutes, as 4:15; days before them. @param {Numeric} seconds @param {boolean} [withSeconds] */
export function duration(seconds, withSeconds = false) {
  if (!isNumber(seconds)) return none;
  const all = Math.max(0, Math.floor(Number(seconds)));
  const days = Math.floor(all / 86_400);
  const hours = Math.floor((all % 86_400) / 3600);
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const minutes = two(Math.floor((all % 3600) / 60));
  const clock = withSeconds ? `${hours}:${minutes}:${two(all % 60)}` : `${hours}:${minutes}`;
  return days ? `${days} d ${clock}` : clock;
}

/** How long ago or ahead, in one unit. @param {Numeric} seconds */
export function age(seconds) {
  if (!isNumber(seconds)) return none;
  const all = Math.max(0, Math.floor(Number(seconds)));
  if (all < 60) return `${all} s`;
  if (all < 3600) return `${Math.floor(all / 60)} min`;
  if (all < 86_400) return `${Math.floor(all / 3600)} h`;
  if (all < 86_400 * 730) return `${count(Math.floor(all / 86_400))} d`;
  return `${count(Math.floor(all / 31_556_952))} y`;
}

/** How long ago; a sender's clock may also be ahead. @param {number} at @param {number} now */
export const ago = (at, now) =>
  at > now + 90_000 ? `${age((at - now) / 1000)} ahead` : `${age((now - at) / 1000)} ago`;

/** @param {Intl.DateTimeFormatOptions} options */
const dates = (options) => new Intl.DateTimeFormat(undefined, { hourCycle: "h23", ...options });
const clockFormat = dates({ hour: "2-digit", minute: "2-digit" });
const secondsFormat = dates({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const weekdayFormat = dates({ weekday: "short" });
const dayFormat = dates({ weekday: "short", day: "numeric", month: "short" });
const shortDayFormat = dates({ day: "numeric", month: "short" });
const yearFormat = dates({ day: "numeric", month: "short", year: "numeric" });

/** @param {string | number | null | undefined} at @returns {number | null} milliseconds */
export function instant(at) {
  const value = typeof at === "number" ? at : Date.parse(at ?? "");
  return Number.isNaN(value) || Math.abs(value) > 8.64e15 ? null : value;
}

/** @param {Intl.DateTimeFormat} format */
const by = (format) => (/** @type {string | number | null | undefined} */ at) => {
  const value = instant(at);
  return value === null ? none : format.format(value);
};

export const clock = by(clockFormat);
export const clockSeconds = by(secondsFormat);
export const day = by(dayFormat);
export const dayOfYear = by(yearFormat);
export const shortDay = by(shortDayFormat);

/** @param {number} a @param {number} b */
export const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();

/**
 * A time with as much of its date as is needed to know it: 07:00, Tue 07:00, 3 May 07:00.
 * @param {string | number | null | undefined} at @param {number} now @param {boolean} [alwaysDay]
 */
export function time(at, now, alwaysDay = false) {
  const value = instant(at);
  if (value === null) return none;
  const text = clockFormat.format(value);
  if (sameDay(value, now) && !alwaysDay) return text;
  if (Math.abs(value - now) < 6 * 86_400_000) return `${weekdayFormat.format(value)} ${text}`;
  const near = new Date(value).getFullYear() === new Date(now).getFullYear();
  return `${(near ? shortDayFormat : yearFormat).format(value)}, ${text}`;
}

/** In full, for details and titles. @param {string | number | null | undefined} at */
export function fullTime(at) {
  const value = instant(at);
  return value === null ? none : `${yearFormat.format(value)}, ${secondsFormat.format(value)}`;
}

/** The sum of exact decimals, exactly. @param {string[]} values */
export function sum(values) {
  const places = Math.max(0, ...values.map((value) => value.split(".")[1]?.length ?? 0));
  let total = 0n;
  for (const value of values) {
    const [whole, part = ""] = value.split(".");
    total += BigInt(whole + part.padEnd(places, "0"));
  }
  const text = String(total < 0n ? -total : total).padStart(places + 1, "0");
  const cut = text.length - places;
  return `${total < 0n ? "-" : ""}${text.slice(0, cut)}${places ? `.${text.slice(cut)}` : ""}`;
}
