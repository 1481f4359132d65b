/**
 * A dashboard as CloudWatch documents it: it calls the widget's function with the widget's parameters, or with a button's, beside
 * `widgetContext`; and it reads the buttons out of the HTML that comes back.
 * See "Details about custom widgets" and "Interactivity in the custom widget" in the guide of CloudWatch.
 */
export interface Pressable {
  title: string;
  /** The attributes of `<cwdb-action>`. */
  attributes: Readonly<Record<string, string>>;
  /** What the function is called with. */
  parameters: Readonly<Record<string, unknown>>;
}

/**
 * The event of one call.
 * @param parameters the widget's own, or those of the button that was pressed
 * @param typed every field of every form, by its name
 */
export function eventOf(
  parameters: object,
  typed: Readonly<Record<string, string>> = {},
  own: object = { view: 'open' },
): object {
  return {
    ...parameters,
    widgetContext: {
      dashboardName: 'firebreak',
      widgetId: 'widget-16',
      accountId: '012345678901',
      locale: 'en',
      timezone: { label: 'UTC', offsetISO: '+00:00', offsetInMinutes: 0 },
      period: 300,
      isAutoPeriod: true,
      timeRange: {
        mode: 'relative',
        start: 1627236199729,
        end: 1627322599729,
        relativeStart: 86400012,
        zoom: { start: 1627276030434, end: 1627282956521 },
      },
      theme: 'light',
      linkCharts: true,
      title: 'Open incidents',
      forms: { all: typed },
      params: own,
      width: 588,
      height: 369,
    },
  };
}

const BUTTON = /<a class="btn[^"]*">([^<]*)<\/a><cwdb-action ([^>]*)>([^<]*)<\/cwdb-action>/g;

/** The buttons of a widget: an element, and right after it what it does. */
export function buttonsIn(html: string): Pressable[] {
  return [...html.matchAll(BUTTON)].map(([, title = '', attributes = '', content = '']) => ({
    title: plain(title),
    attributes: Object.fromEntries(
      [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, plain(value)]),
    ),
    parameters: JSON.parse(plain(content)),
  }));
}

/** @throws {Error} naming what there is, where there is no such button */
export function buttonIn(html: string, title: string): Pressable {
  const all = buttonsIn(html);
  const found = all.find((button) => button.title === title);
  if (!found) throw new Error(`no button "${title}" among ${all.map((button) => button.title).join(', ')}:\n${textOf(html)}`);
  return found;
}

/** What a person reads. */
export function textOf(html: string): string {
  return plain(html.replace(/<(style|cwdb-action)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

const SIGNS: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
const plain = (text: string) => text.replace(/&(?:lt|gt|quot|#39|amp);/g, (sign) => SIGNS[sign] ?? sign);
