// A small course in a temporary folder, whose pages are right: two lessons, of which the second
// grows from the first. A test changes a file, and sees what is found.

using Reactor.Learn;

namespace Learn.Tests;

internal sealed class PlantedCourse : IDisposable
{
    /// <summary>Lessons 12 and 13 show a difference, and are no stops of the tour.</summary>
    public const string First = "12_first";
    public const string Second = "13_second";

    private const string FirstProgram = """
        #!/usr/bin/env dotnet
        // Lesson 12: who speaks first? Grows from 11_none.
        // Question: Two actors speak.
        // Who is first?
        // Predict:
        //   a: one
        //   b: one
        // Picture: lanes
        // Expected output:
        //   turn 1
        //   a: one
        //   a -> b: two
        Console.WriteLine("turn 1");

        Console.WriteLine("a: one");
        Console.WriteLine("a -> b: two");

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("course-");

    public PlantedCourse()
    {
        Write("Reactor.sln", "");
        Write($"lessons/{First}.cs", FirstProgram);
        Write($"lessons/{Second}.cs", FirstProgram
            .Replace("Lesson 12", "Lesson 13").Replace("11_none", First)
            .Replace("a -> b: two", "b: three"));
        Write("lessons/exercises/13_second/wrong/1_early.cs", """
            // 13.1 The second speaks early:
            // it does not wait.
            // zh-CN: 第二个说得太早。
            // A real server would answer before it is asked.
            // zh-CN: 它会在被问之前回答。
            class Answer;
            """);
        foreach (string name in new[] { First, Second })
        {
            Write($"docs/lessons/pictures/{name.Replace('_', '-')}.svg", "<svg/>");
            Write($"docs/lessons/en/{name.Replace('_', '-')}.md", Page(name, isChinese: false));
            Write($"docs/lessons/zh-CN/{name.Replace('_', '-')}.md", Page(name, isChinese: true));
        }

        foreach (string language in LanguageNames.All)
        {
            Write($"docs/lessons/{language}/README.md",
                $"# Index\n\n{IndexPage.Begin}\n{IndexPage.End}\n");
        }

        Lessons = new Lessons(_folder.FullName);
        new CoursePages(Lessons).Write(_ => true);
    }

    public Lessons Lessons { get; }

    public string Root => _folder.FullName;

    public string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public void Write(string path, string text)
    {
        string full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>Changes a text that the file has.</summary>
    public void Replace(string path, string before, string after)
    {
        string text = Read(path);
        Assert.That(text, Does.Contain(before));
        Write(path, text.Replace(before, after));
    }

    public string[] Check() =>
        [.. new CoursePages(Lessons).Check().Select(finding => finding.ToString())];

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Page(string name, bool isChinese)
    {
        PageHeadings headings = PageHeadings.Of(isChinese ? Language.Chinese : Language.English);
        string number = name[..2];
        string picture = name.Replace('_', '-');
        string other = name == First ? "13-second" : "12-first";
        string mark = isChinese ? $"{name}; English: none" : name;
        return $"""
            # {number} Name: who speaks first?
            <!-- lesson {mark} -->

            {(isChinese ? "**问题。** 两个演员说话。谁先？" : "**Question.** Two speak. Who is first?")}

            ## {headings.Predict}

            * `a: one`
            * `b: one`

            `dotnet run lessons/learn.cs -- predict {number}`

            ## {headings.Program}

            The head:

            ```csharp
            #!/usr/bin/env dotnet
            ```

            The program:

            ```csharp
            Console.WriteLine("turn 1");
            ```

            ## {headings.Happened}

            ```text
            ```

            ![Two lanes](../pictures/{picture}.svg)

            ## {headings.Changed}

            ```diff
            ```

            ## {headings.Experiment}

            Change it.

            ## {headings.Exercise}

            {(isChinese ? "写一个演员。然后运行" : "Write an actor. Then run")} `learn check {number}`.

            ## {headings.Elsewhere}

            Elsewhere.

            ## {headings.Reasons}

            Reasons.

            [other]({other}.md)

            """;
    }
}
