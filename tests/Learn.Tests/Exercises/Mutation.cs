using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reactor.Learn;

namespace Learn.Tests.Exercises;

/// <summary>
/// Small changes of a solution, as a learner makes them by mistake: another operator or constant, a
/// statement that is missing, branches that are swapped. Which one is made is picked by a random
/// number. Immutable.
/// </summary>
internal sealed record Mutation(string What, Source Source)
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind> s_operators = new()
    {
        [SyntaxKind.LessThanToken] = SyntaxKind.LessThanEqualsToken,
        [SyntaxKind.LessThanEqualsToken] = SyntaxKind.LessThanToken,
        [SyntaxKind.GreaterThanToken] = SyntaxKind.GreaterThanEqualsToken,
        [SyntaxKind.GreaterThanEqualsToken] = SyntaxKind.GreaterThanToken,
        [SyntaxKind.EqualsEqualsToken] = SyntaxKind.ExclamationEqualsToken,
        [SyntaxKind.ExclamationEqualsToken] = SyntaxKind.EqualsEqualsToken,
        [SyntaxKind.PlusToken] = SyntaxKind.MinusToken,
        [SyntaxKind.MinusToken] = SyntaxKind.PlusToken,
        [SyntaxKind.AmpersandAmpersandToken] = SyntaxKind.BarBarToken,
        [SyntaxKind.BarBarToken] = SyntaxKind.AmpersandAmpersandToken,
        [SyntaxKind.PlusPlusToken] = SyntaxKind.MinusMinusToken,
        [SyntaxKind.TrueKeyword] = SyntaxKind.FalseKeyword,
        [SyntaxKind.FalseKeyword] = SyntaxKind.TrueKeyword,
    };

    /// <summary>Changes one place of a program.</summary>
    public static Mutation? Make(Source solution, Random random)
    {
        SyntaxTree tree = SourceCompiler.Parse(solution);
        SyntaxNode root = tree.GetRoot();
        (SyntaxNodeOrToken Place, SyntaxNode Changed)[] changes =
            [.. Tokens(root).Concat(Statements(root))];
        if (changes.Length == 0)
        {
            return null;
        }

        (SyntaxNodeOrToken place, SyntaxNode changed) = changes[random.Next(changes.Length)];
        FileLinePositionSpan at = place.GetLocation()!.GetLineSpan();
        string text = place.ToString().ReplaceLineEndings(" ");
        return new Mutation(
            $"line {at.StartLinePosition.Line + 1}, {text}",
            solution with { Text = changed.ToFullString() });
    }

    private static IEnumerable<(SyntaxNodeOrToken, SyntaxNode)> Tokens(SyntaxNode root)
    {
        foreach (SyntaxToken token in root.DescendantTokens())
        {
            // The brackets of a generic type are no operators.
            bool isOperator = token.Parent is BinaryExpressionSyntax
                or PostfixUnaryExpressionSyntax or LiteralExpressionSyntax
                or RelationalPatternSyntax;
            if (isOperator && s_operators.TryGetValue(token.Kind(), out SyntaxKind other))
            {
                yield return (token, Replace(root, token, SyntaxFactory.Token(other)));
            }
            else if (token.IsKind(SyntaxKind.NumericLiteralToken) && token.Value is int value)
            {
                yield return (
                    token, Replace(root, token, SyntaxFactory.Literal(unchecked(value + 1))));
            }
        }
    }

    private static SyntaxNode Replace(SyntaxNode root, SyntaxToken token, SyntaxToken other) =>
        root.ReplaceToken(token, other.WithTriviaFrom(token));

    private static IEnumerable<(SyntaxNodeOrToken, SyntaxNode)> Statements(SyntaxNode root)
    {
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            if (node is ExpressionStatementSyntax { Parent: BlockSyntax } statement)
            {
                yield return (
                    statement, root.ReplaceNode(
                        statement,
                        SyntaxFactory.EmptyStatement().WithTriviaFrom(statement)));
            }
            else if (node is IfStatementSyntax { Else: { } otherwise } branch)
            {
                yield return (branch.Condition, root.ReplaceNode(
                    branch,
                    branch.WithStatement(otherwise.Statement)
                        .WithElse(otherwise.WithStatement(branch.Statement))));
            }
            else if (node is ConditionalExpressionSyntax choice)
            {
                yield return (choice, root.ReplaceNode(
                    choice,
                    choice.WithWhenTrue(choice.WhenFalse).WithWhenFalse(choice.WhenTrue)));
            }
        }
    }
}
