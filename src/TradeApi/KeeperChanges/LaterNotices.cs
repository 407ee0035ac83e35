using Dapper;
using TradeApi.Database;
using TradeApi.Register;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Submissions;
using TradeApi.Submissions.Reading;

namespace TradeApi.KeeperChanges;

/// <summary>
/// Brings notices about earlier notices into a register: reversals, corrections, and staff's decisions on referred ones.
/// They are few and each locks one vehicle, so each is a batch of its own.
/// </summary>
sealed class LaterNotices(VehicleRegister register, TimeProvider clock)
{
    /// <summary>Reverses or corrects a notice.</summary>
    public async Task<Answer> Post(
        DecidedNotice concerns,
        LaterNotice notice,
        string submittedBy,
        string clientId,
        byte[] payload,
        IdempotencyKey? key,
        bool byStaff,
        CancellationToken cancel
    )
    {
        var now = clock.Now();
        var members = concerns is { Outcome: "accepted", ConcernsId: null } ? await MembersOf(concerns, cancel) : [];
        return await Apply(
            new Notice
            {
                Id = Guid.CreateVersion7(now),
                Change = KeeperChange.Read(members, LondonDate.Of(now)),
                SubmittedBy = submittedBy,
                ClientId = clientId,
                ReceivedAt = now,
                Payload = payload,
                Key = key,
                Later = new Later
                {
                    Concerns = concerns,
                    Notice = notice,
                    Members = members,
                    ByStaff = byStaff,
                },
            },
            cancel
        );
    }

    /// <summary>Decides a referred notice: taken, or refused. Its own answer says when it was decided before.</summary>
    public async Task<Answer> Decide(DecidedNotice referred, bool taken, CancellationToken cancel)
    {
        var concerns = referred.ConcernsId is { } id ? await Find(id, cancel) : referred;
        LaterNotice? notice = null;
        if (referred.ConcernsId is not null)
        {
            var kind =
                referred.Type == LaterNotice.Name(LaterKind.Reversal) ? LaterKind.Reversal : LaterKind.Correction;
            notice = LaterNotice.Read(kind, await MembersOf(referred, cancel));
        }
        var members = await MembersOf(concerns!, cancel);
        return await Apply(
            new Notice
            {
                Id = Guid.CreateVersion7(clock.Now()),
                Change = KeeperChange.Read(members, LondonDate.Of(referred.ReceivedAt)),
                SubmittedBy = Staff.Id,
                ClientId = Staff.Id,
                ReceivedAt = referred.ReceivedAt,
                Later = new Later
                {
                    Concerns = concerns!,
                    Notice = notice,
                    Members = members,
                    ByStaff = true,
                    Taken = taken,
                    Referred = referred.KeeperChangeId,
                },
            },
            cancel
        );
    }

    /// <summary>A notice by its id, whoever sent it: for staff.</summary>
    public async Task<DecidedNotice?> Find(Guid id, CancellationToken cancel)
    {
        await using var connection = await register.Store.Open(cancel);
        return await connection.QuerySingleOrDefaultAsync<DecidedNotice>(
            $"""
            {RegisterLoad.SelectDecided}
             where k.keeper_change_id = @Id
            """,
            new { Id = id }
        );
    }

    async Task<Answer> Apply(Notice notice, CancellationToken cancel) =>
        (await register.Apply([notice], cancel: cancel))[0];

    /// <summary>The members of a notice as they were sent: from its text, or from its row of a file; none once they are erased.</summary>
    async Task<List<Member>> MembersOf(DecidedNotice notice, CancellationToken cancel)
    {
        var members = new List<Member>();
        if (notice is { SubmissionId: { } submissionId, RowNumber: { } row })
        {
            var submission = await SubmissionStore.Find(register.Store, notice.SubmittedBy, submissionId, cancel);
            if (await SubmissionStore.Chunk(register.Store, submission!, row, cancel) is not var (first, content))
                return members;
            var text = RowChunk.Read(content, first)[row - first].Bytes;
            RowMembers.Read(text.Span, RowMembers.HeaderOf(submission!), members);
            return members;
        }
        await using var connection = await register.Store.Open(cancel);
        var written = await connection.QuerySingleOrDefaultAsync<byte[]?>(
            $"""
            select {Payload.TextOfNotice}
              from keeper_change k
              join {Payload.OfNotice}
             where k.keeper_change_id = @KeeperChangeId
            """,
            new { notice.KeeperChangeId }
        );
        if (written is not null)
            JsonRow.Read(written, members);
        return members;
    }
}
