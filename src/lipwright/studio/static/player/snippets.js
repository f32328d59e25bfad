/**
 * The order of a video as lines of a program: values to texts, nothing of the page. What a client has no word for
 * is named, not dropped in silence.
 */

/**
 * @typedef {{ product: string, order: Record<string, any>, name?: string | null }} Ordered
 * @typedef {{ id: string, text: string, leftOut: string[] }} Snippet
 */

// The fields that the vendor's clients send; the others are Lipwright's own.
const VENDOR_FIELDS = {
  'ai-talking-photo': {
    name: true, start_seconds: true, end_seconds: true, max_resolution: true, resolution: true,
    assets: { image_file_path: true, audio_file_path: true },
    style: { generation_mode: true, prompt: true, intensity: true },
  },
  'lip-sync': {
    name: true, start_seconds: true, end_seconds: true, max_fps_limit: true, height: true, width: true,
    assets: { video_source: true, video_file_path: true, youtube_url: true, audio_file_path: true },
    style: { generation_mode: true },
  },
};
const CALLS = { 'ai-talking-photo': 'ai_talking_photo', 'lip-sync': 'lip_sync' };
// Options of `lipwright remote` by the field that they fill.
const PHOTO_OPTIONS = {
  'assets.text': '--text', 'assets.voice': '--voice', start_seconds: '--start', end_seconds: '--end',
  'style.generation_mode': '--mode', 'style.prompt': '--prompt', 'assets.motion_file_path': '--motion-from',
  'assets.performance_file_path': '--performance', max_resolution: '--max-resolution', name: '--name',
};
const SYNC_OPTIONS = {
  start_seconds: '--start', end_seconds: '--end', 'style.generation_mode': '--mode', max_fps_limit: '--max-fps', name: '--name',
};

/**
 * All ways of saying an order.
 * @param {Ordered} ordered
 * @param {string} server address without a slash at its end
 * @returns {Snippet[]}
 */
export function snippets(ordered, server) {
  const order = filled(ordered.order);
  const product = ordered.product;
  return [
    { id: 'curl', text: curl(product, order, server), leftOut: [] },
    { id: 'python', text: python(product, order, server), leftOut: [] },
    { id: 'vendorPython', ...vendorPython(product, order, server) },
    { id: 'vendorNode', ...vendorNode(product, order, server) },
    { id: 'cli', ...commandLine(product, order, server) },
  ];
}

/** The order without what was left open. */
export function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (value === null || typeof value !== 'object') return value;
  const pairs = Object.entries(value).map(([key, inner]) => [key, filled(inner)]);
  return Object.fromEntries(pairs.filter(([, inner]) => inner !== null && inner !== undefined
    && !(typeof inner === 'object' && !Array.isArray(inner) && Object.keys(inner).length === 0)));
}

/** A text as one word of a shell. @param {string} text */
export const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function curl(product, order, server) {
  return [
    `# A key of yours:  export LIPWRIGHT_API_KEY=lwk_live_...`,
    `curl ${server}/v1/${product} \\`,
    `    -H "Authorization: Bearer $LIPWRIGHT_API_KEY" \\`,
    `    -H "Content-Type: application/json" \\`,
    `    -d '${JSON.stringify(order, null, 2).replaceAll("'", `'\\''`)}'`,
    '',
    '# With the id of the answer, until its status is complete:',
    `curl ${server}/v1/video-projects/ID -H "Authorization: Bearer $LIPWRIGHT_API_KEY"`,
  ].join('\n');
}

function python(product, order, server) {
  return [
    'from lipwright import Client', '',
    `with Client(base_url=${JSON.stringify(server)}) as client:  # the key: LIPWRIGHT_API_KEY`,
    `    video = client.v1.${CALLS[product]}.generate(`,
    ...pythonArguments(order, 8),
    '        output_path="video.mp4",',
    '    )',
    'print(video.id, f"{video.width}x{video.height}")',
  ].join('\n');
}

function vendorPython(product, order, server) {
  const { kept, leftOut } = only(order, VENDOR_FIELDS[product]);
  const text = [
    'import os', '', 'from magic_hour import Client', '',
    `client = Client(token=os.environ["LIPWRIGHT_API_KEY"], base_url=${JSON.stringify(server)})`,
    `job = client.v1.${CALLS[product]}.create(`,
    ...pythonArguments(kept, 4),
    ')',
    'client.v1.video_projects.check_result(',
    '    id=job.id, wait_for_completion=True, download_outputs=True, download_directory="."',
    ')',
  ].join('\n');
  return { text, leftOut };
}

function vendorNode(product, order, server) {
  const { kept, leftOut } = only(order, VENDOR_FIELDS[product]);
  const text = [
    'import Client from "magic-hour";', '',
    `const client = new Client({ token: process.env.LIPWRIGHT_API_KEY, baseUrl: ${JSON.stringify(server)} });`,
    `const job = await client.v1.${camel(CALLS[product])}.create(${script(kept, 0)});`,
    'await client.v1.videoProjects.checkResult(',
    '  { id: job.id },',
    '  { waitForCompletion: true, downloadOutputs: true, downloadDirectory: "." },',
    ');',
  ].join('\n');
  return { text, leftOut };
}

function commandLine(product, order, server) {
  const isPhoto = product === 'ai-talking-photo';
  const options = isPhoto ? PHOTO_OPTIONS : SYNC_OPTIONS;
  const fields = flat(order);
  const files = isPhoto
    ? ['assets.image_file_path', 'assets.audio_file_path']
    : ['assets.video_file_path', 'assets.youtube_url', 'assets.audio_file_path'];
  const words = files.filter((key) => fields[key] !== undefined).map((key) => quoted(String(fields[key])));
  const given = Object.entries(fields).filter(([key]) => options[key]).map(([key, value]) => `${options[key]} ${quoted(String(value))}`);
  if (fields.transcript !== undefined) given.push(`--transcript <(printf %s ${quoted(String(fields.transcript))})`);
  const said = [...files, ...Object.keys(options), 'transcript', 'assets.video_source'];
  return {
    text: [
      `# A key of yours:  export LIPWRIGHT_API_KEY=lwk_live_...`,
      `lipwright remote ${isPhoto ? 'talk' : 'sync'} ${words.join(' ')} -o video.mp4 \\`,
      ...[...given, `--server ${quoted(server)}`].map((one, index, all) => `    ${one}${index < all.length - 1 ? ' \\' : ''}`),
    ].join('\n'),
    leftOut: Object.keys(fields).filter((key) => !said.includes(key)),
  };
}

/** What of an order a client knows, and the names of the rest. */
function only(order, known, prefix = '') {
  const kept = {};
  const leftOut = [];
  for (const [key, value] of Object.entries(order)) {
    const rule = known?.[key];
    if (rule === true) kept[key] = value;
    else if (rule) {
      const inner = only(value, rule, `${prefix}${key}.`);
      kept[key] = inner.kept;
      leftOut.push(...inner.leftOut);
    } else leftOut.push(prefix + key);
  }
  return { kept, leftOut };
}

function flat(order, prefix = '') {
  return Object.fromEntries(Object.entries(order).flatMap(([key, value]) => (
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(flat(value, `${prefix}${key}.`)) : [[prefix + key, value]])));
}

const pythonArguments = (order, indent) => Object.entries(order)
  .map(([key, value]) => `${' '.repeat(indent)}${key}=${pythonValue(value, indent)},`);

function pythonValue(value, indent) {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return 'None';
  if (typeof value !== 'object') return JSON.stringify(value);
  const inner = ' '.repeat(indent + 4);
  if (Array.isArray(value)) return `[\n${value.map((one) => `${inner}${pythonValue(one, indent + 4)},\n`).join('')}${' '.repeat(indent)}]`;
  return `{\n${Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${pythonValue(one, indent + 4)},\n`).join('')}${' '.repeat(indent)}}`;
}

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

function script(value, indent) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = ' '.repeat(indent + 2);
  if (Array.isArray(value)) return `[${value.map((one) => script(one, indent + 2)).join(', ')}]`;
  return `{\n${Object.entries(value).map(([key, one]) => `${inner}${camel(key)}: ${script(one, indent + 2)},\n`).join('')}${' '.repeat(indent)}}`;
}
