namespace Reactor;

/// <summary>
/// The way of a job to an executor and back to its loop. A driver keeps it: a virtual clock stands
/// while a job is on its way, and lets jobs in in the order in which they were sent.
/// </summary>
/// <remarks>Loop thread only, except <see cref="BringBack"/>.</remarks>
internal interface IJobRoute
{
    /// <summary>An executor has got the job.</summary>
    void OnSent(LoopWork job);

    /// <summary>The job was given up before it began: it will not be brought back.</summary>
    void OnGivenUp(LoopWork job);

    /// <summary>Brings the job back to its loop, on which it runs. Any thread.</summary>
    void BringBack(LoopWork job, CoroutineScheduler loop);

    /// <summary>The job runs on the loop.</summary>
    void OnBack(LoopWork job);
}
