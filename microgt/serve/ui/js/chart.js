// Charts: Vega-Lite as the server drew it, in the colours of the page. Expressions are interpreted, never compiled: no eval.

const dark = matchMedia("(prefers-color-scheme: dark)");

// Okabe and Ito's colours, told apart with every kind of colour vision; the last is lighter on a dark ground.
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7a7a7a"];
const DARK_COLOURS = ["#56b4e9", "#e69f00", "#2fbf96", "#e08fc0", "#8ecbf0", "#ff8a4c", "#f0e442", "#a8a8a8"];

function config() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const text = colour("--text"), quiet = colour("--quiet"), line = colour("--line");
  const colours = dark.matches ? DARK_COLOURS : COLOURS;
  const font = style.getPropertyValue("--font").trim();
  return {
    background: "transparent",
    font,
    view: { stroke: "transparent" },
    title: { color: text, fontSize: 15, fontWeight: 600, anchor: "start", offset: 14, subtitleColor: quiet },
    axis: { labelColor: quiet, titleColor: quiet, domainColor: line, tickColor: line, gridColor: line, gridOpacity: 0.6, labelFontSize: 12,
      titleFontSize: 12, titleFontWeight: 500, titlePadding: 10, labelLimit: 140 },
    axisX: { grid: false },
    axisYQuantitative: { tickCount: 6 },
    legend: { labelColor: quiet, titleColor: quiet, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, symbolType: "circle" },
    range: { category: colours, ramp: { scheme: dark.matches ? "viridis" : "blues" }, heatmap: { scheme: dark.matches ? "viridis" : "blues" } },
    mark: { color: colours[0] },
    bar: { cornerRadiusEnd: 3 },
    scale: { bandPaddingInner: 0.3, bandPaddingOuter: 0.2 },
    line: { strokeWidth: 2.5 },
    point: { size: 45, filled: true },
    arc: { stroke: colour("--card"), strokeWidth: 2 },
    text: { color: text, font },
  };
}

// The spec without its title, which the page says itself, as wide as there is room; of layers too, which repeat it.
function fitted(spec, { height, plain }) {
  const bare = ({ title, width, height: _, config, ...rest }) => rest;
  const rest = bare(structuredClone(spec));
  if (rest.layer) rest.layer = rest.layer.map(bare);
  if (rest.mark?.innerRadius && height) rest.mark.innerRadius = height / 4; // a smaller ring has a smaller hole
  const drawn = spec.height ?? spec.layer?.[0]?.height ?? 320;
  const found = { ...rest, width: "container", height: height ?? drawn, autosize: { type: "fit-x", contains: "padding" } };
  return plain ? { ...found, config: { axis: { title: null, labelFontSize: 10, tickCount: 3 }, legend: { disable: true } } } : found;
}

function readable(spec, element) {
  const narrow = element.clientWidth < 480;
  const legend = narrow ? { legend: { orient: "bottom", columns: 2 } } : {};
  const values = spec.data?.values ?? [];
  const few = values.length <= (narrow ? 4 : 9); // names of few bars are read without turning the head
  return { ...spec, config: { axisBand: { labelAngle: few ? 0 : -40, labelLimit: few ? 110 : 140 }, ...legend, ...spec.config } };
}

const drawn = new Map();

async function render(element, spec, options) {
  drawn.get(element)?.finalize();
  const found = await globalThis.vegaEmbed(element, readable(fitted(spec, options), element), {
    actions: false,
    ast: true,
    config: config(),
    defaultStyle: false,
    renderer: "svg",
    tooltip: options.plain ? false : { disableDefaultStyle: true, theme: "microgt" },
  });
  drawn.set(element, found);
}

// Draw into an element that is on the page already.
export async function draw(element, spec, options = {}) {
  await render(element, spec, options);
  element.redraw = () => render(element, spec, options);
}

dark.addEventListener("change", () => {
  for (const element of [...drawn.keys()]) {
    if (element.isConnected) element.redraw();
    else {
      drawn.get(element).finalize();
      drawn.delete(element);
    }
  }
});
