using System.Data.Common;
using TradeApi.Database;

namespace TradeApi.Register;

/// <summary>Tells the operator what guessing has led to: an entry in the audit, a line in the log. Neither names a mark.</summary>
static class GuessAlerts
{
    public static async Task Tell(Guesses guesses, string environment, Store control, ILogger log, DateTimeOffset now)
    {
        foreach (var tally in guesses.Tallies.Values.Where(tally => tally.IsHeldAnew))
        {
            log.LogWarning(
                "{Organisation} is held to one notice a second in the {Environment} register: {Wrong} of {Notices} proofs in 24 hours were wrong",
                tally.OrganisationId,
                environment,
                tally.Wrong,
                tally.Notices
            );
            try
            {
                await Audit.Write(
                    control,
                    now,
                    Staff.Id,
                    "organisation.held",
                    tally.OrganisationId,
                    FormattableString.Invariant(
                        $"{environment}: {tally.Wrong} of {tally.Notices} proofs in 24 hours were wrong"
                    )
                );
            }
            catch (DbException exception)
            {
                // The notices are decided and committed: they must be answered. The hold itself stands in the register.
                log.LogError(exception, "The hold of {Organisation} is missing in the audit", tally.OrganisationId);
            }
        }
        if (guesses.NewGuarded.Count > 0)
            log.LogWarning(
                "{Count} marks of the {Environment} register are now under guard; `guard list` names them",
                guesses.NewGuarded.Count,
                environment
            );
    }
}
