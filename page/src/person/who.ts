/** Who somebody is by sex and age, such as "Man of 38"; below 18 years, a boy or a girl. As in stories. */
export function sexAndAge({ is_female, age }: { is_female: boolean; age: number }): string {
  const who = age < 18 ? (is_female ? "Girl" : "Boy") : is_female ? "Woman" : "Man";
  return `${who} of ${age}`;
}
