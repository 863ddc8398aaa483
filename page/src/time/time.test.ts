import { describe, expect, it } from "vitest";
import { dateTicks, dayOf, isoOf, longDate, shortDate } from "./dates";
import { marksOf, nextMark, previousMark } from "./marks";

describe("dates", () => {
  it("go from days to dates and back, over a leap day", () => {
    expect(isoOf("2016-02-27", 2)).toBe("2016-02-29");
    for (const day of [0, 31, 365, 800]) expect(dayOf("2014-01-01", isoOf("2014-01-01", day))).toBe(day);
    expect(dayOf("2014-01-01", "soon")).toBeNull();
    expect(longDate("2014-01-01", 11)).toBe("12 January 2014");
    expect(shortDate("2014-01-01", 11, false)).toBe("12 Jan");
  });
  it("are ticked by days, weeks or firsts of months", () => {
    expect(dateTicks("2014-01-01", 5, 6)).toEqual([0, 1, 2, 3, 4]);
    expect(dateTicks("2014-01-01", 30, 6)).toEqual([0, 7, 14, 21, 28]);
    expect(dateTicks("2014-01-15", 90, 4).map((day) => isoOf("2014-01-15", day))).toEqual(["2014-02-01", "2014-03-01", "2014-04-01"]);
    expect(dateTicks("2014-01-01", 365, 5).map((day) => isoOf("2014-01-01", day))).toEqual(["2014-01-01", "2014-04-01", "2014-07-01", "2014-10-01"]);
  });
});

describe("marks of happenings", () => {
  const marks = marksOf(
    [
      { day: 9, text: "c", place: null },
      { day: 2, text: "a", place: 1 },
      { day: 2, text: "b", place: null },
      { day: 40, text: "too late", place: null },
    ],
    30,
  );
  it("gather the happenings of a day, in order, within the run", () => {
    expect(marks.map((mark) => [mark.day, mark.happenings.map(({ text }) => text).join()])).toEqual([[2, "a,b"], [9, "c"]]);
  });
  it("lead on, and from the last to the first", () => {
    expect(nextMark(marks, 2)?.day).toBe(9);
    expect(nextMark(marks, 9)?.day).toBe(2);
    expect(nextMark([], 1)).toBeNull();
    expect(previousMark(marks, 9)?.day).toBe(2);
    expect(previousMark(marks, 2)).toBeNull();
  });
});
