#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj

// Records a bug that depends on chance and on the clock, and replays it: the second run has the
// same random numbers and times, so the bug happens again, at the same moment. Set a breakpoint in
// Withdraw and start the program in a debugger to look at it.
// Expected output:
//   recorded: the balance is … after … withdrawals
//   replayed: the balance is … after … withdrawals
//   the same: True

using Reactor;
using Reactor.Drivers;
using Reactor.Recording;

string path = Path.GetTempFileName();
var account = new Account();
var recording = new LoopRecording(LoopDrivers.Best(), new LoopRecordingOptions { Path = path });
string recorded = account.Run(recording);
Console.WriteLine($"recorded: {recorded}");

using LoopReplay replay = LoopReplay.Open(path);
string replayed = "";
replay.Run(driver => replayed = account.Run(driver));
Console.WriteLine($"replayed: {replayed}");
Console.WriteLine($"the same: {recorded == replayed}");
File.Delete(path);

internal sealed class Account
{
    private int _balance;
    private int _withdrawals;

    public string Run(LoopDriver driver)
    {
        _balance = 100;
        _withdrawals = 0;
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        loop.RunUntilComplete(Main(loop));
        return $"the balance is {_balance} after {_withdrawals} withdrawals";
    }

    private async Coroutine Main(EventLoop loop)
    {
        await EventLoop.WhenAll(
            [.. Enumerable.Range(0, 10).Select(_ => loop.CreateTask(Withdraw(loop)))]);
    }

    // The bug: the balance is checked before the wait and used after it.
    private async Coroutine Withdraw(EventLoop loop)
    {
        await EventLoop.Delay(TimeSpan.FromMilliseconds(loop.Driver.Random.Next(20)));
        if (_balance >= 30)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(loop.Driver.Random.Next(5)));
            _balance -= 30;
            _withdrawals++;
        }
    }
}
