using Dapper;

namespace TradeApi.Tests.Register;

/// <summary>Keys are codes: PostgreSQL compares them byte by byte, as SQLite does.</summary>
public class Keys
{
    [Fact]
    public async Task No_index_depends_on_the_rules_by_which_a_system_sorts_words()
    {
        await using var host = await TradeApiHost.Start("postgres");
        // Of a table of a month that is yet to come, too.
        await Database.Months.Add(host.Stores.Sandbox, host.Clock.GetUtcNow().AddMonths(9));

        foreach (var store in host.Stores.All)
        {
            await using var connection = await store.Open();
            var texts = (
                await connection.QueryAsync<(string Column, string Collation)>(
                    """
                    select c.relname || '.' || a.attname, o.collname::text
                      from pg_index i
                      join pg_class c on c.oid = i.indrelid
                      join pg_attribute a on a.attrelid = c.oid
                                         and a.attnum = any(i.indkey)
                      join pg_collation o on o.oid = a.attcollation
                     where c.relnamespace = current_schema()::regnamespace
                    """
                )
            ).AsList();
            Assert.NotEmpty(texts);
            Assert.All(texts, text => Assert.Equal((text.Column, "C"), text));
        }
    }
}
