namespace Reactor;

/// <summary>
/// Lets a plain async method, whose continuations are callbacks of the loop, pay by the account of
/// the task that called it. The account flows with its <see cref="ExecutionContext"/>, which says
/// when it is entered. Coroutines need none of this: their tasks have the account.
/// </summary>
/// <remarks>Loop thread only. Without an account, a call costs a test.</remarks>
internal static class AccountFlow
{
    private static readonly AsyncLocal<LoopAccount?> s_account = new(static change =>
    {
        if (change.CurrentValue is { } account && EventLoop.TryGetCurrent() is { Costs: { } costs })
        {
            costs.NoteFlow(account);
        }
    });

    /// <summary>Calls a plain async method.</summary>
    public static Task<TResult> CallAsync<TArgument, TResult>(
        Func<TArgument, Task<TResult>> method, TArgument argument)
    {
        if (TaskStep.Current is not Trampoline { Account: { } account })
        {
            return method(argument);
        }

        account.IsShared = true;
        s_account.Value = account;
        try
        {
            return method(argument);
        }
        finally
        {
            s_account.Value = null;
        }
    }
}
