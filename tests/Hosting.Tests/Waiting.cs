namespace Hosting.Tests;

/// <summary>A limit for waits that would never end if the host had a defect.</summary>
internal static class Waiting
{
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);

    public static Task Soon(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit);
}
