// People as the shop's own commands name them.

/** A person's number, which `custody user` asks for. */
export async function number(shop, person) {
  const said = await shop.command("store", "show");
  const line = said.split("\n").find((line) => line.includes(person.name) && /\d/.test(line));
  return line.match(/\d+/)[0];
}
