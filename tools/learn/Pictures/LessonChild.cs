using System.Globalization;
using Reactor.Drivers;
using Reactor.Recording;
using Reactor.Simulation;

namespace Reactor.Learn;

/// <summary>
/// The child process that runs a compiled lesson. With a folder for recordings, each loop of the
/// program runs on the virtual clock and is recorded there.
/// </summary>
internal static class LessonChild
{
    private const int Seed = 1;

    /// <summary>Runs the program, whose exceptions pass.</summary>
    /// <param name="assembly">The program.</param>
    /// <param name="folder">Gets a recording of each loop; null: none is made.</param>
    public static void Run(string assembly, string? folder)
    {
        if (folder is not null)
        {
            Record(Path.GetFileNameWithoutExtension(assembly), folder);
        }

        LessonProgram.Run(assembly);
    }

    private static void Record(string program, string folder)
    {
        int loops = 0;
        LoopDrivers.Default = () => new InMemoryDriver(new InMemoryOptions { Seed = Seed });
        LoopDrivers.Decorate = driver =>
        {
            string number = Interlocked.Increment(ref loops)
                .ToString("00", CultureInfo.InvariantCulture);
            return new LoopRecording(driver, new LoopRecordingOptions
            {
                Path = Path.Combine(folder, $"loop-{number}.reactor"),
                Events = true,
                EventClock = new SteppedClock(driver).Read,
                Program = program,
            });
        };
    }
}
