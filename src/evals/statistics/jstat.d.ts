/** What is used of jstat 1.9.6, which brings no types of its own. */
declare module "jstat" {
  interface Distribution {
    cdf(x: number, a: number, b: number): number;
    inv(p: number, a: number, b: number): number;
  }
  const jstat: {
    readonly studentt: { inv(p: number, degreesOfFreedom: number): number };
    readonly beta: Distribution;
    readonly normal: Distribution;
    gammaln(x: number): number;
  };
  export default jstat;
}
