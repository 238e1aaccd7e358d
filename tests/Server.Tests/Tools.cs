using System.Diagnostics;

namespace Server.Tests;

/// <summary>Runs other programs to their end.</summary>
internal static class Tools
{
    public static (int ExitCode, string Output) Run(string program, params string[] arguments) =>
        RunWithInput("", program, arguments);

    public static (int ExitCode, string Output) RunWithInput(
        string input, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill();
            Assert.Fail($"{program} does not end");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult());
    }
}
