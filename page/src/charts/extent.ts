// How wide texts of drawings are, measured by the browser that draws them.

let context: CanvasRenderingContext2D | null = null;

/** Width in pixels of the widest of some texts, in the font of the page. */
export function widestOf(texts: readonly string[], pixels: number): number {
  context ??= document.createElement("canvas").getContext("2d");
  if (context === null) return 0;
  context.font = `${pixels}px ${getComputedStyle(document.documentElement).fontFamily}`;
  return texts.reduce((most, text) => Math.max(most, (context as CanvasRenderingContext2D).measureText(text).width), 0);
}
